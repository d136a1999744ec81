using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;
using FaceAnonStream.Media.Probing;

namespace FaceAnonStream.Media.Files;

/// <summary>Pictures on their way to an encoder.</summary>
/// <param name="Format">Size and layout of each.</param>
/// <param name="TimeBase">Seconds per PTS tick.</param>
/// <param name="FrameRate">Nominal frames per second; 0/0 where unknown.</param>
/// <param name="SampleAspectRatio">Width over height of one sample.</param>
/// <param name="Color">Colour tags of the output.</param>
public sealed record PictureStream(FrameFormat Format, Rational TimeBase, Rational FrameRate, Rational SampleAspectRatio, StreamColor Color)
{
    /// <summary>Ticks that times are moved by while they travel as NUT, which has no negative ones.</summary>
    public long PtsShift { get; init; }

    /// <summary>Pictures whose tags follow from what their samples mean.</summary>
    public static PictureStream Tagged(FrameFormat format, Rational timeBase, Rational frameRate, Rational sampleAspectRatio)
    {
        ArgumentNullException.ThrowIfNull(format);
        var range = format.Color.FullRange ? "pc" : "tv";
        var color = format.Color.Matrix switch
        {
            YuvMatrix.Bt601 => new StreamColor(range, "smpte170m", "smpte170m", "smpte170m"),
            YuvMatrix.Bt2020 => new StreamColor(range, "bt2020", null, "bt2020nc"),
            _ => new StreamColor(range, "bt709", "bt709", "bt709"),
        };
        return new PictureStream(format, timeBase, frameRate, sampleAspectRatio, color);
    }
}
