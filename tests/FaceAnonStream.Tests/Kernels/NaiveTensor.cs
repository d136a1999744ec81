using System.Numerics;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Tests.Kernels;

/// <summary>The oracle of <see cref="TensorPacker"/>: one output pixel at a time, in doubles, plainly.</summary>
internal static class NaiveTensor
{
    /// <summary>R'G'B' of output pixel (x, y), each 0 to 255.</summary>
    public static double[] Pixel<T>(
        PlanarSource source, PixelRect region, TensorLayout layout, GuardedPlane<T>[] planes, int x, int y)
        where T : unmanaged, INumber<T>
    {
        var luma = Sample(planes[0], 1, 1);
        var blockX = 1 << source.ChromaShiftX;
        var blockY = 1 << source.ChromaShiftY;
        return ToRgb(source, luma, Sample(planes[1], blockX, blockY), Sample(planes[2], blockX, blockY));

        double Sample(GuardedPlane<T> plane, double blockWidth, double blockHeight)
        {
            var columns = Axis(plane.Width, region.X / blockWidth, region.Width / blockWidth, layout.ContentWidth, x);
            var rows = Axis(plane.Height, region.Y / blockHeight, region.Height / blockHeight, layout.ContentHeight, y);
            return rows.Sum(r => columns.Sum(c => r.Weight * c.Weight * double.CreateChecked(plane[c.At, r.At])));
        }
    }

    public static double[] ToRgb(PlanarSource source, double luma, double blue, double red)
    {
        var (kr, kb) = source.Color.Matrix switch
        {
            YuvMatrix.Bt601 => (0.299, 0.114),
            YuvMatrix.Bt709 => (0.2126, 0.0722),
            _ => (0.2627, 0.0593),
        };
        var top = Math.Pow(2, source.BitDepth) - 1;
        var unit = Math.Pow(2, source.BitDepth - 8);
        var full = source.Color.FullRange;
        var y = full ? luma / top : (luma - (16 * unit)) / (219 * unit);
        var cb = (blue - (128 * unit)) / (full ? top : 224 * unit);
        var cr = (red - (128 * unit)) / (full ? top : 224 * unit);
        var r = y + (2 * (1 - kr) * cr);
        var b = y + (2 * (1 - kb) * cb);
        var g = (y - (kr * r) - (kb * b)) / (1 - kr - kb);
        return [Code(r), Code(g), Code(b)];

        static double Code(double value) => Math.Clamp(value, 0, 1) * 255;
    }

    private static IEnumerable<(int At, double Weight)> Axis(
        int inputs, double origin, double length, int outputs, int i)
    {
        var step = length / outputs;
        if (step <= 1)
        {
            var at = origin + ((i + 0.5) * step) - 0.5;
            var share = at - Math.Floor(at);
            return [(Clamp(Math.Floor(at)), 1 - share), (Clamp(Math.Floor(at) + 1), share)];
        }

        var (begin, end) = (origin + (i * step), origin + ((i + 1) * step));
        return from j in Enumerable.Range((int)begin, (int)Math.Ceiling(end) - (int)begin)
            let overlap = Math.Min(end, j + 1) - Math.Max(begin, j)
            where overlap > 0
            select (Clamp(j), overlap / step);

        int Clamp(double j) => (int)Math.Clamp(j, 0, inputs - 1);
    }
}
