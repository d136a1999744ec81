using System.Numerics;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Tests.Kernels;

/// <summary>The three planes of one picture, each with a stride of its own.</summary>
internal sealed class PlaneSet<T>
    where T : unmanaged, INumber<T>
{
    public PlaneSet(PlanarSource source)
    {
        Source = source;
        var codes = 1 << source.BitDepth;
        Planes =
        [
            new GuardedPlane<T>(source.Width, source.Height, source.Width + 3, 1, codes),
            new GuardedPlane<T>(source.ChromaWidth, source.ChromaHeight, source.ChromaWidth, 2, codes),
            new GuardedPlane<T>(source.ChromaWidth, source.ChromaHeight, source.ChromaWidth + 1, 3, codes),
        ];
    }

    public PlanarSource Source { get; }

    public GuardedPlane<T>[] Planes { get; }

    /// <summary>Paints smooth waves, some pixels long, whose colours are all in the gamut.</summary>
    public PlaneSet<T> Wave(double pixels)
    {
        for (var p = 0; p < 3; p++)
        {
            var (blockX, blockY) = Block(p);
            for (var y = 0; y < Planes[p].Height; y++)
            {
                for (var x = 0; x < Planes[p].Width; x++)
                {
                    Planes[p][x, y] = T.CreateChecked(Math.Round(WaveAt(p, (x + 0.5) * blockX, (y + 0.5) * blockY, pixels)));
                }
            }
        }

        return this;
    }

    /// <summary>What <see cref="Wave"/> paints at a point of the picture, in luma pixels.</summary>
    public double WaveAt(int plane, double x, double y, double pixels)
    {
        var wave = Math.Sin((Math.Tau * x / pixels) + plane) * Math.Cos(Math.Tau * y / pixels);
        var reach = plane == 0 ? 0.2 : 0.1;
        return (1 << Source.BitDepth) * (0.5 + (reach * wave));
    }

    /// <summary>Luma pixels per sample of a plane.</summary>
    public (int X, int Y) Block(int plane) => plane == 0 ? (1, 1) : (1 << Source.ChromaShiftX, 1 << Source.ChromaShiftY);

    public void Sample(CropSampler sampler, CropSquare square, float[] crop, bool grey)
    {
        if (grey)
        {
            sampler.SampleGrey<T>(Planes[0].View, Planes[1].View, Planes[2].View, square, crop);
        }
        else
        {
            sampler.SampleRgb<T>(Planes[0].View, Planes[1].View, Planes[2].View, square, crop);
        }
    }

    public void Draw(CropSquare square, int size, float[] face, float[] mask) =>
        new FaceBlend(Source).Draw(Planes[0].View, Planes[1].View, Planes[2].View, square, size, face, mask);

    /// <summary>Every sample that changed has its centre in the square.</summary>
    public void ShouldBeUntouchedOutside(CropSquare square)
    {
        for (var p = 0; p < 3; p++)
        {
            var (blockX, blockY) = Block(p);
            Planes[p].ShouldBeUntouchedExcept((x, y) => Naive.Holds(square, (x + 0.5) * blockX, (y + 0.5) * blockY));
        }
    }
}

/// <summary>Crops and drawings one point at a time, in doubles, plainly.</summary>
internal static class Naive
{
    /// <summary>Where a point of the picture lies in a square, in sides.</summary>
    public static (double U, double V) ToSquare(CropSquare square, double x, double y)
    {
        var (sin, cos) = Math.SinCos(square.Angle);
        var (dx, dy) = (x - square.CenterX, y - square.CenterY);
        return ((((cos * dx) + (sin * dy)) / square.Side) + 0.5, (((cos * dy) - (sin * dx)) / square.Side) + 0.5);
    }

    /// <summary>Where a point of the square lies in the picture.</summary>
    public static (double X, double Y) ToPicture(CropSquare square, double u, double v)
    {
        var (sin, cos) = Math.SinCos(square.Angle);
        var (du, dv) = ((u - 0.5) * square.Side, (v - 0.5) * square.Side);
        return (square.CenterX + (cos * du) - (sin * dv), square.CenterY + (sin * du) + (cos * dv));
    }

    /// <summary>Whether a square holds a point, or nearly so.</summary>
    public static bool Holds(CropSquare square, double x, double y)
    {
        var (u, v) = ToSquare(square, x, y);
        return u is >= -1e-6 and <= 1 + 1e-6 && v is >= -1e-6 and <= 1 + 1e-6;
    }

    /// <summary>Interpolates linearly between samples whose centres lie at whole numbers; beyond the edge it repeats.</summary>
    public static double Interpolate(Func<int, int, double> at, int width, int height, double x, double y)
    {
        var (left, top) = (Math.Floor(x), Math.Floor(y));
        var (right, down) = (x - left, y - top);
        return ((1 - down) * (((1 - right) * At(0, 0)) + (right * At(1, 0)))) + (down * (((1 - right) * At(0, 1)) + (right * At(1, 1))));

        double At(int dx, int dy) => at((int)Math.Clamp(left + dx, 0, width - 1), (int)Math.Clamp(top + dy, 0, height - 1));
    }

    /// <summary>Y', Cb and Cr codes of R'G'B' of 0 to 1.</summary>
    public static double[] ToCodes(PlanarSource source, double r, double g, double b)
    {
        var (kr, kb) = source.Color.LumaShares;
        var y = (kr * r) + ((1 - kr - kb) * g) + (kb * b);
        var (cb, cr) = ((b - y) / (2 * (1 - kb)), (r - y) / (2 * (1 - kr)));
        var top = Math.Pow(2, source.BitDepth) - 1;
        var unit = Math.Pow(2, source.BitDepth - 8);
        var full = source.Color.FullRange;
        double[] codes =
        [
            full ? y * top : (16 * unit) + (y * 219 * unit),
            (128 * unit) + (cb * (full ? top : 224 * unit)),
            (128 * unit) + (cr * (full ? top : 224 * unit)),
        ];
        return Array.ConvertAll(codes, code => Math.Clamp(code, 0, top));
    }
}
