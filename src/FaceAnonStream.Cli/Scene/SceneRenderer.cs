using System.Numerics;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference.Surrogate;

namespace FaceAnonStream.Cli.Scene;

/// <summary>Paints moments of a scene as frames. Not thread-safe.</summary>
internal sealed class SceneRenderer : IDisposable
{
    private static readonly Vector3 Light = Vector3.Normalize(new Vector3(-0.45f, -0.5f, -0.75f));

    private readonly Backdrop _backdrop;
    private readonly FigurePainter _figures = new(Light);
    private readonly FacePainter _faces;
    private readonly IReadOnlyList<SurrogateGenerator> _generators;
    private readonly Canvas _picture;

    /// <param name="format">Format of the frames; 8 bits.</param>
    /// <param name="backdrop">Of the same size. Borrowed.</param>
    /// <param name="generators">One of each size. Taken over.</param>
    /// <param name="margin">Margin of their crops.</param>
    public SceneRenderer(FrameFormat format, Backdrop backdrop, IReadOnlyList<SurrogateGenerator> generators, float margin)
    {
        _backdrop = backdrop;
        _generators = generators;
        _faces = new FacePainter(generators, margin, _figures);
        _picture = new Canvas(format.Width, format.Height);
        Format = format;
    }

    public FrameFormat Format { get; }

    /// <summary>Paints a moment.</summary>
    /// <param name="moment">What is to be seen.</param>
    /// <param name="planes">As <see cref="FrameFormat"/> packs them.</param>
    /// <param name="ct">Gives up.</param>
    public async Task PaintAsync(SceneMoment moment, Memory<byte> planes, CancellationToken ct)
    {
        _backdrop.Paint(_picture, moment.Pan);
        var seen = moment.Faces.Select(face => face.Person).ToHashSet();
        foreach (var figure in moment.Figures)
        {
            ct.ThrowIfCancellationRequested();
            _figures.Paint(_picture, figure, View.Whole);
            if (seen.Contains(figure.Person.Id))
            {
                await _faces.PaintAsync(_picture, figure, ct);
            }
        }

        Marker.Paint(_picture, moment.Flashes);
        YuvConversion.Pack(_picture, Format, planes.Span);
    }

    public void Dispose()
    {
        foreach (var generator in _generators)
        {
            generator.Dispose();
        }
    }
}

/// <summary>A square in the top left corner: dark, and white while a beep begins.</summary>
internal static class Marker
{
    private const int LeastSide = 8;
    private const int SidesPerHeight = 24;

    /// <summary>Where it is in a picture of the given height.</summary>
    public static (int Left, int Top, int Side) Place(int height)
    {
        var side = Math.Max(LeastSide, height / SidesPerHeight);
        return (side / 2, side / 2, side);
    }

    public static void Paint(Canvas picture, bool lit)
    {
        var (left, top, side) = Place(picture.Height);
        for (var y = top; y < top + side; y++)
        {
            for (var x = left; x < left + side; x++)
            {
                picture[x, y] = new Vector3(lit ? 1 : 0.08f);
            }
        }
    }
}
