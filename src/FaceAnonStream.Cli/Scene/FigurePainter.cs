using System.Numerics;
using FaceAnonStream.Alignment;

namespace FaceAnonStream.Cli.Scene;

/// <summary>Which part of the picture a canvas shows: the place of pixel (x, y)'s centre is Corner + (x + 1/2) Right +
/// (y + 1/2) Down.</summary>
internal readonly record struct View(Vector2 Corner, Vector2 Right, Vector2 Down)
{
    /// <summary>The picture itself.</summary>
    public static View Whole { get; } = new(Vector2.Zero, Vector2.UnitX, Vector2.UnitY);

    /// <summary>Side of a canvas pixel in picture pixels.</summary>
    public float Pixel => Right.Length();

    /// <summary>A generator's crop of <paramref name="size"/> pixels.</summary>
    public static View Of(FaceSquare square, int size)
    {
        var corner = square.ToPicture(Vector2.Zero);
        return new View(
            corner, (square.ToPicture(Vector2.UnitX) - corner) / size, (square.ToPicture(Vector2.UnitY) - corner) / size);
    }

    public Vector2 At(int x, int y) => Corner + ((x + 0.5f) * Right) + ((y + 0.5f) * Down);

    /// <summary>Where a place of the picture lies on the canvas.</summary>
    public Vector2 ToCanvas(Vector2 point)
    {
        var offset = (point - Corner) / Right.LengthSquared();
        return new Vector2(Vector2.Dot(offset, Right), Vector2.Dot(offset, Down));
    }
}

/// <summary>Paints people by looking through every pixel: what is nearer covers what is farther, edges are soft.</summary>
internal sealed class FigurePainter(Vector3 light)
{
    private const int MaxHits = 10;
    private const float Opaque = 0.995f;

    /// <summary>Paints a person.</summary>
    /// <param name="canvas">Painted on.</param>
    /// <param name="figure">The person.</param>
    /// <param name="view">What the canvas shows.</param>
    public void Paint(Canvas canvas, Figure figure, View view)
    {
        var surface = new Surface(figure.Person.Look, figure.Stance.Scale, view.Pixel, light);
        var parts = figure.Parts;
        Span<(int Part, Hit Hit)> hits = stackalloc (int, Hit)[MaxHits];
        Span<int> active = stackalloc int[parts.Length];
        for (var y = 0; y < canvas.Height; y++)
        {
            var (count, left, right) = Meet(parts, view, y, active);
            for (var x = Math.Max(0, left); x < Math.Min(canvas.Width, right); x++)
            {
                var met = Look(parts, active[..count], view.At(x, y), view.Pixel, hits);
                if (met > 0)
                {
                    Mix(canvas, x, y, parts, hits[..met], surface);
                }
            }
        }

        PaintFace(canvas, figure, view, surface);
    }

    /// <summary>Skin up to the outline of the landmarks, which no ellipsoid follows exactly.</summary>
    private static void PaintFace(Canvas canvas, Figure figure, View view, Surface surface)
    {
        var outline = ConvexShape.Around(figure.Landmarks.AsSpan(FacePoints.Oval));
        outline.Paint(canvas, view, (point, share) =>
        {
            var hit = figure.Face.Front(point);
            var scalp = Scalp.Share(hit.Local);
            return (surface.Skin(hit), share * (1 - scalp));
        });
    }

    /// <summary>The parts that a canvas row may meet, and between which columns.</summary>
    private static (int Count, int Left, int Right) Meet(ReadOnlySpan<Part> parts, View view, int y, Span<int> active)
    {
        var (count, left, right) = (0, int.MaxValue, int.MinValue);
        for (var i = 0; i < parts.Length; i++)
        {
            var center = view.ToCanvas(parts[i].Body.Center);

            // In a turned view the outline's box may reach as far as its corner.
            var extent = view == View.Whole ? parts[i].Body.Extent : new Vector2(parts[i].Body.Extent.Length() / view.Pixel);
            if (MathF.Abs(y + 0.5f - center.Y) < extent.Y + 1)
            {
                active[count++] = i;
                left = Math.Min(left, (int)MathF.Floor(center.X - extent.X - 1));
                right = Math.Max(right, (int)MathF.Ceiling(center.X + extent.X + 1));
            }
        }

        return (count, left, right);
    }

    private static int Look(
        ReadOnlySpan<Part> parts, ReadOnlySpan<int> active, Vector2 point, float pixel, Span<(int Part, Hit Hit)> hits)
    {
        var count = 0;
        foreach (var i in active)
        {
            ref readonly var part = ref parts[i];
            var reach = Vector2.Abs(point - part.Body.Center) - part.Body.Extent;
            if (count == hits.Length || reach.X > pixel || reach.Y > pixel || !part.Body.TryHit(point, pixel, out var hit))
            {
                continue;
            }

            if (part.Material == Material.Scalp)
            {
                hit = hit with { Coverage = hit.Coverage * Scalp.Share(hit.Local) };
            }

            if (hit.Coverage > 0)
            {
                Insert(hits, count++, i, hit);
            }
        }

        return count;
    }

    /// <summary>Keeps the hits in order, the nearest first.</summary>
    private static void Insert(Span<(int Part, Hit Hit)> hits, int count, int part, Hit hit)
    {
        var at = count;
        while (at > 0 && hits[at - 1].Hit.Z > hit.Z)
        {
            hits[at] = hits[at - 1];
            at--;
        }

        hits[at] = (part, hit);
    }

    private static void Mix(
        Canvas canvas, int x, int y, ReadOnlySpan<Part> parts, ReadOnlySpan<(int Part, Hit Hit)> hits, Surface surface)
    {
        var (colour, share) = (Vector3.Zero, 0f);
        foreach (ref readonly var hit in hits)
        {
            var seen = (1 - share) * hit.Hit.Coverage;
            colour += seen * surface.Of(parts[hit.Part].Material, hit.Hit);
            share += seen;
            if (share > Opaque)
            {
                break;
            }
        }

        canvas[x, y] = (canvas[x, y] * (1 - share)) + colour;
    }
}
