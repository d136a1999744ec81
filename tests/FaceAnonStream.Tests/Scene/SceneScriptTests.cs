using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Frames;
using FaceAnonStream.Tests.Kit;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Scene;

public sealed class SceneScriptTests
{
    private static readonly Gen<SceneOptions> AnyScene =
        from width in Gen.Choose(SceneOptions.MinSide, 900)
        from height in Gen.Choose(SceneOptions.MinSide, 900)
        from rate in Gen.Elements(new Rational(5, 1), new Rational(25, 1), new Rational(30000, 1001))
        from frames in Gen.Choose(1, 40)
        from people in Gen.Choose(1, 6)
        from seed in Gen.Choose(0, 1000)
        select new SceneOptions
        {
            Width = width,
            Height = height,
            FrameRate = rate,
            DurationSeconds = frames / rate.Value,
            People = people,
            Seed = (ulong)seed,
        };

    [Fact]
    public void At_AnyScene_KeepsWhatIsTrueOfFaces() =>
        Prop.ForAll(AnyScene.ToArbitrary(), options =>
        {
            var moments = SceneClips.Moments(options);
            moments.Select(moment => moment.Index).ShouldBe(Enumerable.Range(0, moments.Count).Select(i => (long)i));
            var picture = new RectF(0, 0, options.Width, options.Height);
            foreach (var moment in moments)
            {
                moment.Seconds.ShouldBe(moment.Index / options.FrameRate.Value, 1e-9);
                moment.Figures.Count.ShouldBe(options.People);
                moment.Figures.Select(figure => figure.Stance.Scale).ShouldBe(moment.Figures.Select(figure => figure.Stance.Scale).Order());
                moment.Faces.Select(face => face.Person).ShouldBe(moment.Faces.Select(face => face.Person).Distinct().Order());
                foreach (var face in moment.Faces)
                {
                    face.Person.ShouldBeInRange(1, options.People);
                    (face.Box.IsFinite && face.Box.Width > 0 && face.Box.Height > 0).ShouldBeTrue();
                    face.Visible.ShouldBeInRange(float.Epsilon, 1);
                    (face.Visible < 1 || face.Box.Union(picture) == picture).ShouldBeTrue("what sticks out is not all visible");
                    MathF.Abs(face.YawDegrees).ShouldBeLessThanOrEqualTo(40.01f);
                    face.Points[0].X.ShouldBeLessThan(face.Points[1].X);
                    face.Points[3].Y.ShouldBeGreaterThan(face.Points[0].Y);
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void At_SameSeed_IsTheSameScene()
    {
        var options = new SceneOptions { DurationSeconds = 2, Seed = 11 };
        var (first, second) = (SceneClips.Script(options), SceneClips.Script(options));
        second.People.Select(person => person.Latent).ShouldBe(first.People.Select(person => person.Latent));
        for (var frame = 0; frame < options.FrameCount; frame++)
        {
            // Asked backwards: the past of a script does not matter.
            var other = second.At(options.FrameCount - 1 - frame);
            other.Faces.ShouldBe(first.At(other.Index).Faces);
        }
    }

    [Fact]
    public void At_OtherSeed_IsAnotherScene()
    {
        var (first, second) = (SceneClips.Script(new SceneOptions { Seed = 1 }), SceneClips.Script(new SceneOptions { Seed = 2 }));
        second.At(0).Faces.ShouldNotBe(first.At(0).Faces);
        second.People[0].Latent.ShouldNotBe(first.People[0].Latent);
    }

    [Fact]
    public void People_OfOneScene_AreDifferent()
    {
        var people = SceneClips.Script(new SceneOptions { People = SceneOptions.MaxPeople }).People;
        people.Select(person => person.Id).ShouldBe(Enumerable.Range(1, SceneOptions.MaxPeople));
        foreach (var (a, b) in from a in people from b in people where a.Id < b.Id select (a, b))
        {
            a.Latent.Zip(b.Latent, (x, y) => MathF.Abs(x - y)).Average().ShouldBeGreaterThan(0.1f);
            a.Look.ShouldNotBe(b.Look);
        }
    }

    [Fact]
    public void At_DefaultScene_HoldsWhatADemoNeeds()
    {
        var moments = SceneClips.Moments(new SceneOptions());
        var faces = moments.SelectMany(moment => moment.Faces).ToList();
        faces.ShouldContain(face => face.YawDegrees > 25, "turned to one side");
        faces.ShouldContain(face => face.YawDegrees < -25, "turned to the other side");
        faces.ShouldContain(face => MathF.Abs(face.YawDegrees) < 5, "looks at us");
        faces.ShouldContain(face => face.Visible > 0.2f && face.Visible < 0.8f, "half hidden");
        var crossed = moments.Any(moment => moment.Faces.Any(face => face.Visible < 0.5f && face.Box.X > 0 && face.Box.Right < 1280));
        crossed.ShouldBeTrue("somebody passes in front of somebody");

        // Of each walker: seen, gone, seen again.
        foreach (var person in (int[])[2, 4])
        {
            var seen = moments.Select(moment => moment.Faces.Any(face => face.Person == person)).ToList();
            var changes = seen.Zip(seen.Skip(1)).Count(pair => pair.First != pair.Second);
            changes.ShouldBeGreaterThanOrEqualTo(2, $"person {person} leaves and returns");
        }

        var mouths = moments.Select(moment => OpenMouth(moment.Figures.Single(figure => figure.Person.Id == 1))).ToList();
        (mouths.Max() - mouths.Min()).ShouldBeGreaterThan(0.15f, "person 1 talks");
        var lids = moments.Select(moment => OpenEye(moment.Figures.Single(figure => figure.Person.Id == 1))).ToList();
        lids.Min().ShouldBeLessThan(0.5f * lids.Max(), "person 1 blinks");
    }

    [Fact]
    public void At_NextFrame_NothingJumps()
    {
        var options = new SceneOptions();
        var moments = SceneClips.Moments(options);
        foreach (var (before, after) in moments.Zip(moments.Skip(1)))
        {
            foreach (var face in before.Faces)
            {
                if (after.Faces.FirstOrDefault(next => next.Person == face.Person) is { } next)
                {
                    MathF.Abs(next.Box.CenterX - face.Box.CenterX).ShouldBeLessThan(0.6f * face.Box.Width);
                    MathF.Abs(next.Box.CenterY - face.Box.CenterY).ShouldBeLessThan(0.2f * face.Box.Height);
                    MathF.Abs(next.YawDegrees - face.YawDegrees).ShouldBeLessThan(6);
                }
            }
        }
    }

    [Theory]
    [InlineData(25, 1)]
    [InlineData(30000, 1001)]
    [InlineData(24000, 1001)]
    [InlineData(1, 1)]
    public void At_EverySecond_FlashesWithTheFirstFrameOfIt(int numerator, int denominator)
    {
        var options = new SceneOptions { FrameRate = new Rational(numerator, denominator), DurationSeconds = 5, People = 1 };
        var moments = SceneClips.Moments(options);
        var starts = moments.Where(moment => moment.Flashes && (moment.Index == 0 || !moments[(int)moment.Index - 1].Flashes || numerator == 1))
            .Select(moment => moment.Index);
        starts.ShouldBe(Enumerable.Range(0, 5).Select(second => (long)Math.Ceiling(second * options.FrameRate.Value - 1e-9)).Distinct());
    }

    private static float OpenMouth(Figure figure)
    {
        // Points 13 and 14 of the mesh: the middle of the inner lips.
        var lips = figure.Landmarks.AsSpan(FacePoints.InnerLips);
        return (lips[5].Y - lips[15].Y) / figure.Stance.Scale;
    }

    private static float OpenEye(Figure figure)
    {
        // Points 145 and 159: the middle of the lids.
        var eye = figure.Landmarks.AsSpan(FacePoints.RightEye);
        return (eye[4].Y - eye[12].Y) / figure.Stance.Scale;
    }
}
