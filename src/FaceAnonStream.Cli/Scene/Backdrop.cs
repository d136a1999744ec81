using System.Numerics;
using FaceAnonStream.Identity;

namespace FaceAnonStream.Cli.Scene;

/// <summary>
/// A street behind the people: sky, a row of houses and a pavement, which a moving camera shifts by their distance.
/// Painted once, then only shifted. Nothing in it looks like a face.
/// </summary>
internal sealed class Backdrop
{
    private const float SkyParallax = 0.15f;
    private const float HouseParallax = 0.4f;
    private const float NearParallax = 1.2f;
    private const float KerbShare = 0.8f;

    private static readonly Vector3[] Walls =
    [
        new(0.62f, 0.43f, 0.35f), new(0.78f, 0.72f, 0.6f), new(0.52f, 0.56f, 0.58f), new(0.72f, 0.58f, 0.42f),
        new(0.58f, 0.62f, 0.52f), new(0.8f, 0.76f, 0.72f),
    ];

    private readonly int _margin;
    private readonly int _kerb;
    private readonly Canvas _sky;
    private readonly Canvas _houses;
    private readonly float[] _houseShare;

    /// <param name="width">Pixels of the picture's rows.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="maxPan">How far the camera moves to either side, in pixels of the nearest person's depth.</param>
    /// <param name="seed">Decides what the street looks like.</param>
    public Backdrop(int width, int height, float maxPan, ulong seed)
    {
        _margin = (int)MathF.Ceiling(maxPan * NearParallax) + 1;
        _kerb = (int)(KerbShare * height);
        var random = new SplitMix64(seed);
        _sky = new Canvas(width + (2 * _margin) + 1, height);
        _houses = new Canvas(_sky.Width, height);
        _houseShare = new float[_sky.Width * height];
        PaintSky(ref random);
        PaintGround(ref random);
        PaintHouses(ref random);
    }

    /// <summary>Fills a picture.</summary>
    /// <param name="picture">Of the size given to the constructor.</param>
    /// <param name="pan">How far the camera has moved to the right, in pixels of the nearest person's depth.</param>
    public void Paint(Canvas picture, float pan)
    {
        for (var y = 0; y < picture.Height; y++)
        {
            if (y < _kerb)
            {
                for (var c = 0; c < Canvas.PlaneCount; c++)
                {
                    Shift(_sky.Plane(c), y, pan * SkyParallax, Row(picture, c, y));
                }

                Cover(picture, y, pan * HouseParallax);
            }
            else
            {
                var depth = (float)(y - _kerb) / (picture.Height - _kerb);
                for (var c = 0; c < Canvas.PlaneCount; c++)
                {
                    Shift(_sky.Plane(c), y, pan * (HouseParallax + ((NearParallax - HouseParallax) * depth)), Row(picture, c, y));
                }
            }
        }
    }

    private void Cover(Canvas picture, int y, float shift)
    {
        var share = new float[picture.Width];
        var colour = new float[picture.Width];
        Shift(_houseShare, y, shift, share);
        for (var c = 0; c < Canvas.PlaneCount; c++)
        {
            Shift(_houses.Plane(c), y, shift, colour);
            var row = Row(picture, c, y);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] += share[x] * (colour[x] - row[x]);
            }
        }
    }

    /// <summary>A row of a plane, moved to the left by a part of a pixel too.</summary>
    private void Shift(ReadOnlySpan<float> plane, int y, float shift, Span<float> row)
    {
        var start = _margin + shift;
        var first = (int)MathF.Floor(start);
        var t = start - first;
        var source = plane.Slice((y * _sky.Width) + first, row.Length + 1);
        for (var x = 0; x < row.Length; x++)
        {
            row[x] = source[x] + (t * (source[x + 1] - source[x]));
        }
    }

    private static Span<float> Row(Canvas picture, int c, int y) => picture.Plane(c).Slice(y * picture.Width, picture.Width);

    private void PaintSky(ref SplitMix64 random)
    {
        var offset = random.NextBetween(0, 32);
        for (var y = 0; y < _kerb; y++)
        {
            var t = (float)y / _kerb;
            var clear = Vector3.Lerp(new(0.42f, 0.6f, 0.82f), new(0.83f, 0.88f, 0.92f), t);
            for (var x = 0; x < _sky.Width; x++)
            {
                var place = new Vector3(x, y * 2.5f, 0) * (6f / _kerb);
                var cloud = Grain.At(place + new Vector3(offset)) + (0.5f * Grain.At((place * 2.1f) + new Vector3(offset)));
                _sky[x, y] = Vector3.Lerp(clear, new Vector3(0.95f), Math.Clamp(0.7f * cloud, 0, 0.8f));
            }
        }
    }

    private void PaintGround(ref SplitMix64 random)
    {
        var stone = new Vector3(random.NextBetween(0.46f, 0.56f));
        var middle = _sky.Width / 2f;
        for (var y = _kerb; y < _sky.Height; y++)
        {
            // Rows of slabs get higher towards the camera, as their distance shrinks.
            var nearness = 0.25f + ((float)(y - _kerb) / (_sky.Height - _kerb));
            var distance = 3 / nearness;
            for (var x = 0; x < _sky.Width; x++)
            {
                var across = (x - middle) / (nearness * _sky.Height * 0.35f);
                var joint = Fraction(distance) < 0.06f || Fraction(across + (0.5f * (MathF.Floor(distance) % 2))) < 0.025f;
                var slab = Grain.At(new Vector3(MathF.Floor(across + (0.5f * (MathF.Floor(distance) % 2))) * 3.7f, MathF.Floor(distance) * 5.3f, 1));
                var grit = Grain.At(new Vector3(x, y, 3) * 0.61f);
                _sky[x, y] = (stone * (joint ? 0.72f : 1 + (0.07f * slab))) + new Vector3(0.035f * grit);
            }
        }
    }

    private void PaintHouses(ref SplitMix64 random)
    {
        var house = random.NextBelow(Walls.Length);
        for (var left = -random.NextBelow(1 + (_kerb / 4)); left < _sky.Width;)
        {
            var width = (int)(_kerb * random.NextBetween(0.45f, 0.8f));
            var top = (int)(_kerb * random.NextBetween(0.02f, 0.3f));
            PaintHouse(left, top, width, Walls[house++ % Walls.Length] + new Vector3(random.NextBetween(-0.04f, 0.04f)), ref random);
            left += width;
        }
    }

    private void PaintHouse(int left, int top, int width, Vector3 wall, ref SplitMix64 random)
    {
        var brick = _kerb / 70f;
        Fill(left, top, width, _kerb - top, (x, y) =>
        {
            var row = MathF.Floor(y / brick);
            var course = MathF.Floor((x / (2.4f * brick)) + (0.5f * (row % 2)));
            var tone = Grain.At(new Vector3(course * 3.1f, row * 2.3f, left));
            return (wall * (1 + (0.06f * tone))) + new Vector3(0.03f * Grain.At(new Vector3(x, y, left) * 0.7f));
        });
        Fill(left, top, width, Math.Max(1, _kerb / 60), (_, _) => wall * 0.6f);

        // Rows of three windows and more, over a shop front.
        var floor = _kerb * 0.2f;
        var shop = _kerb - (1.25f * floor);
        var columns = Math.Max(3, (int)(width / (0.14f * _kerb)));
        var pitch = (float)width / columns;
        for (var y = top + (0.3f * floor); y + (0.62f * floor) < shop; y += floor)
        {
            for (var column = 0; column < columns; column++)
            {
                PaintWindow(left + ((column + 0.26f) * pitch), y, 0.48f * pitch, 0.62f * floor, wall, random.NextBetween(0, 1));
            }
        }

        var awning = new Vector3(random.NextBetween(0.3f, 0.65f), random.NextBetween(0.25f, 0.5f), random.NextBetween(0.25f, 0.5f));
        PaintWindow(left + (0.06f * width), shop + (0.2f * floor), 0.88f * width, 0.95f * floor, wall, 0.4f);
        Fill(left + (0.04f * width), shop, 0.92f * width, 0.24f * floor, (x, _) =>
            Fraction(x / (0.16f * floor)) < 0.5f ? awning : Vector3.Lerp(awning, Vector3.One, 0.75f));
    }

    private void PaintWindow(float left, float top, float width, float height, Vector3 wall, float light)
    {
        var frame = Math.Max(1, 0.05f * height);
        Fill(left - frame, top - frame, width + (2 * frame), height + (2 * frame), (_, _) => Vector3.Lerp(wall, Vector3.One, 0.55f));
        Fill(left, top, width, height, (x, y) =>
        {
            var glass = Vector3.Lerp(new(0.16f, 0.2f, 0.25f), new(0.5f, 0.58f, 0.64f), 0.5f * (light + ((y - top) / height)));
            return glass + new Vector3(0.06f * Grain.At(new Vector3(x - y, x + y, left) * (3 / height)));
        });
        Fill(left + (0.5f * width) - (0.4f * frame), top, 0.8f * frame, height, (_, _) => Vector3.Lerp(wall, Vector3.One, 0.5f));
    }

    /// <summary>Fills a rectangle of the houses, softly at its edges.</summary>
    private void Fill(float left, float top, float width, float height, Func<int, int, Vector3> colour)
    {
        for (var y = Math.Max(0, (int)top); y < Math.Min(_kerb, top + height); y++)
        {
            for (var x = Math.Max(0, (int)left); x < Math.Min(_sky.Width, left + width); x++)
            {
                var share = Overlap(x, left, width) * Overlap(y, top, height);
                _houses.Blend(x, y, colour(x, y), _houseShare[(y * _sky.Width) + x] > 0 ? share : 1);
                ref var covered = ref _houseShare[(y * _sky.Width) + x];
                covered = MathF.Max(covered, share);
            }
        }
    }

    /// <summary>How much of a pixel a span covers.</summary>
    private static float Overlap(int pixel, float start, float length) =>
        Math.Clamp(MathF.Min(pixel + 1, start + length) - MathF.Max(pixel, start), 0, 1);

    private static float Fraction(float value) => value - MathF.Floor(value);
}
