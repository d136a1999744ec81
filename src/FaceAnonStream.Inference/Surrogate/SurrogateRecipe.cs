using System.Numerics;

namespace FaceAnonStream.Inference.Surrogate;

/// <summary>
/// What a surrogate's gallery says about preparing a face: how pose and expression are measured, and how coarsely
/// contrast, light and tone are taken over. All of it is the model's; nothing here is a setting. L landmarks, E expressions.
/// </summary>
internal sealed record SurrogateRecipe
{
    private const int CameraRows = 4;

    /// <summary>[L] the mean face, in face units.</summary>
    public required Vector3[] MeanShape { get; init; }

    /// <summary>[E][L] what one deviation of each expression adds.</summary>
    public required Vector3[][] ExpressionShapes { get; init; }

    /// <summary>[4][L] times landmarks: a linear map's three rows and an offset.</summary>
    public required float[][] Camera { get; init; }

    /// <summary>[E][L] times landmarks: the difference that an expression is measured by.</summary>
    public required float[][] Measures { get; init; }

    /// <summary>[E] that difference in the mean face, off the measure's axis.</summary>
    public required Vector3[] Across { get; init; }

    /// <summary>[E] the axis of each measure: 0 for x, 1 for y.</summary>
    public required int[] Axis { get; init; }

    /// <summary>[E] mean and deviation of each measure, in face units.</summary>
    public required float[] ExpressionMean { get; init; }

    /// <inheritdoc cref="ExpressionMean"/>
    public required float[] ExpressionDeviation { get; init; }

    /// <summary>Smallest and largest expression, in deviations.</summary>
    public required (float Low, float High) ExpressionRange { get; init; }

    /// <summary>Frames that a track's own neutral and contrast are the median of.</summary>
    public required int NeutralFrames { get; init; }

    /// <summary>Share of the expression that is taken over.</summary>
    public required float ExpressionStrength { get; init; }

    /// <summary>Size of the drawn face over that of the original.</summary>
    public required float FaceScale { get; init; }

    /// <summary>Squares that a crop is averaged to, along a side.</summary>
    public required int Blocks { get; init; }

    /// <summary>The squares that count: first column, first row, end column, end row.</summary>
    public required (int Left, int Top, int Right, int Bottom) Window { get; init; }

    /// <summary>Logarithms of the contrasts that are told apart, ascending.</summary>
    public required float[] Levels { get; init; }

    /// <summary>How far beyond the middle between two levels, as a share of their distance, the other is taken.</summary>
    public required float Hysteresis { get; init; }

    /// <summary>Frames over which a new level is reached.</summary>
    public required float SettleFrames { get; init; }

    /// <summary>By size of crop: [4] detail over contrast, from fine to coarse.</summary>
    public required IReadOnlyDictionary<int, float[]> Detail { get; init; }

    /// <summary>Squares along a side of the crop that are all that a graph sees of the picture at the strong level.</summary>
    public required int ContextBlocks { get; init; }

    /// <summary>Squares along a side of the mask whose means say where the strong level's drawing fades.</summary>
    public required int FadeBlocks { get; init; }

    /// <summary>The mean below which it is gone, and the one from which it is whole.</summary>
    public required (float Gone, float Whole) FadeRange { get; init; }

    /// <summary>Reads it from a gallery.</summary>
    /// <param name="name">How errors call it.</param>
    /// <param name="json">The file, UTF-8.</param>
    /// <param name="sizes">Sizes of crops, each a multiple of the blocks.</param>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Model"/>: something in it is missing or wrong.</exception>
    public static SurrogateRecipe Read(string name, ReadOnlyMemory<byte> json, IReadOnlyList<int> sizes) =>
        GalleryJson.Read(name, json, gallery => Read(gallery, sizes));

    private static SurrogateRecipe Read(GalleryJson gallery, IReadOnlyList<int> sizes)
    {
        var points = gallery.Integers("points").Count;
        var axis = gallery.Integers("expressionAxis");
        var expressions = axis.Count;
        var shapes = gallery.Shapes("expressionShapes", points);
        var range = gallery.List("expressionRange", 2);
        var window = gallery.Integers("privacy.window");
        var blocks = Divisor(gallery, "privacy.blocks", sizes);
        var levels = gallery.List("privacy.contrastLevels");
        var fade = gallery.List("privacy.fadeRange", 2);
        var frames = gallery.Integer("privacy.neutralFrames");
        var settle = gallery.Number("privacy.settleFrames");
        gallery.Require(shapes.Length == expressions && axis.TrueForAll(one => one is 0 or 1), "expressionAxis", $"0 or 1, {shapes.Length} times");
        gallery.Require(range[0] < range[1], "expressionRange", "a smaller and a larger number");
        gallery.Require(
            window is [>= 0, >= 0, _, _] && window[0] + 2 <= window[2] && window[1] + 2 <= window[3] && window.Max() <= blocks,
            "privacy.window",
            "first column, first row, end column and end row of the blocks, two or more of each");
        gallery.Require(
            levels[0] > 0 && levels.Zip(levels[1..]).All(pair => pair.First < pair.Second), "privacy.contrastLevels", "ascending numbers above 0");
        gallery.Require(fade[0] < fade[1], "privacy.fadeRange", "a smaller and a larger number");
        gallery.Require(frames >= 1, "privacy.neutralFrames", "1 or more");
        gallery.Require(settle >= 1, "privacy.settleFrames", "1 or more");
        return new SurrogateRecipe
        {
            MeanShape = gallery.Shapes("meanShape", points)[0],
            ExpressionShapes = shapes,
            Camera = gallery.Rows("camera", CameraRows, points),
            Measures = gallery.Rows("expressionMeasures", expressions, points),
            Across = gallery.Shapes("expressionAcross", expressions)[0],
            Axis = [.. axis],
            ExpressionMean = gallery.List("expressionMean", expressions),
            ExpressionDeviation = gallery.List("expressionDeviation", expressions),
            ExpressionRange = (range[0], range[1]),
            NeutralFrames = frames,
            ExpressionStrength = gallery.Number("privacy.expressionStrength"),
            FaceScale = gallery.Number("privacy.faceScale"),
            Blocks = blocks,
            Window = (window[0], window[1], window[2], window[3]),
            Levels = Array.ConvertAll(levels, MathF.Log),
            Hysteresis = gallery.Number("privacy.hysteresis"),
            SettleFrames = settle,
            Detail = sizes.ToDictionary(size => size, size => gallery.List($"privacy.detail.{size}")),
            ContextBlocks = Divisor(gallery, "privacy.contextBlocks", sizes),
            FadeBlocks = Divisor(gallery, "privacy.fadeBlocks", sizes),
            FadeRange = (fade[0], fade[1]),
        };
    }

    private static int Divisor(GalleryJson gallery, string path, IReadOnlyList<int> sizes)
    {
        var blocks = gallery.Integer(path);
        gallery.Require(blocks >= 1 && sizes.All(size => size % blocks == 0), path, "a divisor of every size");
        return blocks;
    }
}
