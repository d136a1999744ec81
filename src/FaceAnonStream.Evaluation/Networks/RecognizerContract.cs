using System.Numerics;

namespace FaceAnonStream.Evaluation.Networks;

/// <summary>How faces are shown to a recogniser.</summary>
/// <param name="Size">Width and height of its input in pixels.</param>
/// <param name="IsBgr">Whether blue comes first.</param>
/// <param name="Mean">Subtracted from red, green and blue of 0 to 255.</param>
/// <param name="Deviation">Then divides them.</param>
/// <param name="Template">Where the five points of a face come to lie: image-left eye, image-right eye, nose, image-left and
/// image-right mouth corner, in pixels counted from the centre of the first.</param>
public sealed record RecognizerContract(int Size, bool IsBgr, Vector3 Mean, Vector3 Deviation, IReadOnlyList<Vector2> Template);

/// <summary>A published recogniser, known by the hash of its file.</summary>
/// <param name="Name">Its usual name.</param>
/// <param name="Sha256">Lower-case hex hash of its ONNX file.</param>
/// <param name="Contract">How faces are shown to it.</param>
public sealed record KnownRecognizer(string Name, string Sha256, RecognizerContract Contract)
{
    /// <summary>The five points of ArcFace's 112 x 112 px crops (J. Deng et al., CVPR 2019).</summary>
    private static readonly Vector2[] ArcFace =
        [new(38.2946f, 51.6963f), new(73.5318f, 51.5014f), new(56.0252f, 71.7366f), new(41.5493f, 92.3655f), new(70.7299f, 92.2041f)];

    private static readonly Vector2[] OpenModelZoo =
        [new(40.393f, 59.081f), new(87.376f, 59.081f), new(64.034f, 81.985f), new(44.732f, 105.561f), new(83.640f, 105.561f)];

    public static IReadOnlyList<KnownRecognizer> All { get; } =
    [
        new(
            "face-reidentification-retail-0095",
            "1b329f96f6bb0cfa9302e310b14f9530996decc856c03e12e21db0908f9fff65",
            new RecognizerContract(128, IsBgr: true, Vector3.Zero, Vector3.One, OpenModelZoo)),
        new(
            "MobileFaceNet (foamliu)",
            "b7120c095d60094f28a4a54ba6a8bf51b297a6273fb40ef6350dfec1f63d9507",
            new RecognizerContract(112, IsBgr: false, new Vector3(123.675f, 116.28f, 103.53f), new Vector3(58.395f, 57.12f, 57.375f), ArcFace)),
        new(
            "MobileFace V2 (becauseofAI)",
            "8de4509a8a9098532bdf46c39cbeb92eb294976ce92ced60328ab68f0c8dfe12",
            new RecognizerContract(112, IsBgr: false, Vector3.Zero, Vector3.One, ArcFace)),
    ];
}
