using FaceAnonStream.Redaction;
using FaceAnonStream.Telemetry;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using static FaceAnonStream.Tests.Telemetry.Receipts;

namespace FaceAnonStream.Tests.Telemetry;

public sealed class CoverageGapsTests
{
    [Fact]
    public void Book_TrackFoundAgain_CountsTheFramesBetween()
    {
        var gaps = new CoverageGaps();
        gaps.Book(Frame(0, 0, OutcomeKind.Solid, Face(1))).ShouldBe(0);
        gaps.Book(Frame(1, 0, OutcomeKind.NoFace)).ShouldBe(0);
        gaps.Book(Frame(2, 0, OutcomeKind.WholeFrame)).ShouldBe(0);
        gaps.Book(Frame(3, 0, OutcomeKind.NoFace)).ShouldBe(0);
        gaps.Book(Frame(4, 0, OutcomeKind.Solid, Face(1), Face(2))).ShouldBe(2);
        gaps.Book(Frame(5, 0, OutcomeKind.Solid, Face(1), Face(2))).ShouldBe(0);
    }

    [Fact]
    public void Book_AnyFrames_CountsUncoveredFramesBetweenCoveredOnes()
    {
        var anyFrame =
            from whole in Gen.Choose(0, 5)
            from faces in Gen.SubListOf(Enumerable.Range(1, 4).ToArray())
            select (Whole: whole == 0, Faces: faces.ToArray());
        Prop.ForAll(Gen.ListOf(anyFrame).ToArbitrary(), list =>
        {
            var frames = list.ToList();
            var gaps = new CoverageGaps();
            var counted = frames.Select((frame, i) => gaps.Book(Frame(
                i, 0, frame.Whole ? OutcomeKind.WholeFrame : OutcomeKind.Solid, [.. frame.Faces.Select(id => Face(id))]))).Sum();
            var expected = Enumerable.Range(1, 4).Sum(id =>
            {
                var first = frames.FindIndex(frame => frame.Faces.Contains(id));
                var last = frames.FindLastIndex(frame => frame.Faces.Contains(id));
                return first < 0 ? 0 : frames[first..last].Count(frame => !frame.Whole && !frame.Faces.Contains(id));
            });
            counted.ShouldBe(expected);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Book_ManyTracks_ForgetsTheOldOnes()
    {
        var gaps = new CoverageGaps();
        for (var i = 0; i < 100_000; i++)
        {
            gaps.Book(Frame(i, 0, OutcomeKind.Solid, Face(i + 1)));
        }

        gaps.Remembered.ShouldBeLessThan(20_000);
    }
}
