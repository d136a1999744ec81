using System.Numerics;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Cli.Scene;

/// <summary>R'G'B' pictures as 8-bit Y'CbCr frames in limited range (ITU-T H.273); chroma is the mean of its block.</summary>
internal static class YuvConversion
{
    /// <param name="picture">The picture.</param>
    /// <param name="format">8 bits, limited range, of the picture's size.</param>
    /// <param name="planes">Filled as <paramref name="format"/> packs them.</param>
    public static void Pack(Canvas picture, FrameFormat format, Span<byte> planes)
    {
        var (red, blue) = format.Color.LumaShares;
        var luma = new Vector3((float)red, (float)(1 - red - blue), (float)blue);
        var toBlue = (Vector3.UnitZ - luma) / (2 * (1 - (float)blue));
        var toRed = (Vector3.UnitX - luma) / (2 * (1 - (float)red));
        for (var y = 0; y < format.Height; y++)
        {
            var row = planes.Slice(y * format.Width, format.Width);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = Quantise(16 + (219 * Vector3.Dot(luma, picture[x, y])));
            }
        }

        var (width, height) = (format.PlaneWidth(1), format.PlaneHeight(1));
        var blues = planes.Slice(format.PlaneOffset(1), width * height);
        var reds = planes.Slice(format.PlaneOffset(2), width * height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var mean = BlockMean(picture, x, y, format.PixelFormat);
                blues[(y * width) + x] = Quantise(128 + (224 * Vector3.Dot(toBlue, mean)));
                reds[(y * width) + x] = Quantise(128 + (224 * Vector3.Dot(toRed, mean)));
            }
        }
    }

    private static Vector3 BlockMean(Canvas picture, int column, int row, PixelFormat pixels)
    {
        var (sum, count) = (Vector3.Zero, 0);
        for (var y = row << pixels.ChromaShiftY; y < Math.Min((row + 1) << pixels.ChromaShiftY, picture.Height); y++)
        {
            for (var x = column << pixels.ChromaShiftX; x < Math.Min((column + 1) << pixels.ChromaShiftX, picture.Width); x++)
            {
                sum += picture[x, y];
                count++;
            }
        }

        return sum / count;
    }

    private static byte Quantise(float value) => (byte)Math.Clamp(value + 0.5f, 0, 255);
}
