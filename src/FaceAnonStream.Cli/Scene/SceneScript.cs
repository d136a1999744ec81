using System.Numerics;
using FaceAnonStream.Identity;

namespace FaceAnonStream.Cli.Scene;

/// <summary>One frame of a scene.</summary>
/// <param name="Index">From 0; also its time in ticks of <see cref="SceneOptions.TimeBase"/>.</param>
/// <param name="Seconds">Its time.</param>
/// <param name="Pan">How far the camera has moved to the right, in pixels of the nearest person's depth.</param>
/// <param name="Flashes">Whether the marker that goes with each beep is lit.</param>
/// <param name="Figures">Everybody, also who is out of the picture; the farthest first.</param>
/// <param name="Faces">Every face of which something is seen, by person.</param>
internal sealed record SceneMoment(
    long Index, double Seconds, float Pan, bool Flashes, IReadOnlyList<Figure> Figures, IReadOnlyList<TrueFace> Faces);

/// <summary>Who is in a scene, and where they are at any time. Pure: the same options and gallery give the same scene.</summary>
internal sealed class SceneScript
{
    private const double FlashSeconds = 0.1;
    private const float PanShare = 0.05f;
    private const float PanSeconds = 11;

    /// <param name="options">What the scene is like.</param>
    /// <param name="gallery">Gives the people their faces.</param>
    public SceneScript(SceneOptions options, SurrogateGallery gallery)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gallery.Shape.PointCount, FacePoints.Count, nameof(gallery));
        ArgumentOutOfRangeException.ThrowIfNotEqual(gallery.Shape.ExpressionCount, Expression.Count, nameof(gallery));
        Options = options;
        var random = new SplitMix64(options.Seed);
        var wardrobe = random.NextBelow(1000);
        var stage = new Stage(options.Width, options.Height);
        var people = new Person[options.People];
        for (var i = 0; i < people.Length; i++)
        {
            people[i] = new Person(
                i + 1,
                gallery.Draw(random.Next()),
                gallery.Shape,
                Look.Of(i, wardrobe, ref random),
                new Motion(stage, i, people.Length, ref random));
        }

        People = people;
    }

    public SceneOptions Options { get; }

    /// <summary>In the order of their numbers, from 1.</summary>
    public IReadOnlyList<Person> People { get; }

    /// <summary>How far the camera moves to either side, in pixels of the nearest person's depth.</summary>
    public static float MaxPan(SceneOptions options) => PanShare * options.Width;

    /// <summary>The scene at one frame.</summary>
    /// <param name="frame">0 to <see cref="SceneOptions.FrameCount"/> - 1.</param>
    public SceneMoment At(long frame)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        var seconds = frame * Options.TimeBase.Value;
        var pan = MaxPan(Options) * MathF.Sin((float)(Math.Tau * seconds / PanSeconds));
        var figures = People.Select(person => new Figure(person, person.Motion.At((float)seconds, pan)))
            .OrderBy(figure => figure.Stance.Scale)
            .ThenByDescending(figure => figure.Person.Id)
            .ToArray();
        var sinceBeep = frame - Beeps.FrameOf((int)Math.Floor(seconds), Options.FrameRate);
        var flashes = sinceBeep >= 0 && sinceBeep * Options.TimeBase.Value < FlashSeconds;
        return new SceneMoment(frame, seconds, pan, flashes, figures, TrueFaces(figures));
    }

    private List<TrueFace> TrueFaces(Figure[] figures) =>
    [
        .. figures.Select((figure, i) => TrueFace.Of(figure, figures.AsSpan(i + 1), Options.Width, Options.Height))
            .Where(face => face.Visible > 0)
            .OrderBy(face => face.Person),
    ];
}
