namespace FaceAnonStream.Tests.Chaos;

/// <summary>
/// A frame's number in the picture itself: a row of black and white blocks along its lower edge that survives encoders and
/// scaling, so that whatever comes out of a pipeline can be told which frame it shows.
/// </summary>
internal static class FrameStamp
{
    private const int NumberBits = 12;
    private const int CheckBits = 8;
    private const int Bits = NumberBits + CheckBits;
    private const byte Black = 16;
    private const byte White = 235;

    /// <summary>Height of the row, as a share of the picture's.</summary>
    private const double HeightShare = 0.05;

    /// <summary>Writes a number of 0 to 4095 into a luma plane.</summary>
    public static void Write(Span<byte> luma, int width, int number)
    {
        var height = luma.Length / width;
        var code = (number << CheckBits) | Check(number);
        for (var y = (int)(height * (1 - HeightShare)); y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var bit = Bits - 1 - (x * Bits / width);
                luma[(y * width) + x] = ((code >> bit) & 1) == 1 ? White : Black;
            }
        }
    }

    /// <summary>The number, or null where no stamp is to be read.</summary>
    public static int? Read(ReadOnlySpan<byte> luma, int width)
    {
        var height = luma.Length / width;
        var code = 0;
        for (var bit = 0; bit < Bits; bit++)
        {
            var mean = MeanOf(luma, width, (int)(height * (1 - (HeightShare / 2))), (int)((bit + 0.5) * width / Bits));
            if (Math.Abs(mean - 126) < 50)
            {
                return null;
            }

            code = (code << 1) | (mean > 126 ? 1 : 0);
        }

        var number = code >> CheckBits;
        return (code & ((1 << CheckBits) - 1)) == Check(number) ? number : null;
    }

    /// <summary>Mean of the middle of a block.</summary>
    private static double MeanOf(ReadOnlySpan<byte> luma, int width, int row, int column)
    {
        var sum = 0;
        for (var y = row - 1; y <= row + 1; y++)
        {
            for (var x = column - 3; x <= column + 3; x++)
            {
                sum += luma[(y * width) + x];
            }
        }

        return sum / 21.0;
    }

    /// <summary>No number has a check of all black or all white, so that plain areas are no stamps.</summary>
    private static int Check(int number) => ((((number * 37) + 11) ^ (number >> 5)) & 0x7f) | (((number & 1) ^ 1) << 7);
}
