using FaceAnonStream.Cli.Reporting;
using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Muxing;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Cli;

public sealed class FaceLogReaderTests : IDisposable
{
    private const string Good = """{"frame":3,"pts":1,"faces":[{"track":1,"box":[1,2,3,4],"cover":"solid","observed":true}]}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WhatTheLogWrote_IsTheSame()
    {
        var path = _folder.File("faces.jsonl");
        var face = new TrackedFace(3, new RectF(1.5f, -2, 30, 40.5f), Evidence.Observed, 0.9f);
        var outcomes = (
            from kind in Enum.GetValues<OutcomeKind>()
            where kind != OutcomeKind.NoFace
            from reason in (FallbackReason?[])[null, .. Enum.GetValues<FallbackReason>()]
            select new FaceOutcome(face, kind, reason)).ToArray();
        using (var log = FaceLog.Create(path))
        {
            log.Add(new FrameReceipt(2, 20, 0, new FrameOutcome(OutcomeKind.Solid, outcomes, null)));
            log.Add(new FrameReceipt(7, 70, 0, new FrameOutcome(OutcomeKind.Solid, outcomes[..1], null)));
            log.Complete();
        }

        var frames = FaceLogReader.Read(path).ToList();

        frames.Select(frame => frame.Frame).ShouldBe([2, 7]);
        frames[0].Faces.ShouldBe(outcomes.Select(outcome => new ListedFace(face.Box, outcome.Kind, outcome.Fallback)));
        frames[1].Faces.ShouldBe([new ListedFace(face.Box, OutcomeKind.Synthetic, null)]);
    }

    [Fact]
    public void Read_Empty_HasNoFrames() => FaceLogReader.Read(_folder.Write("faces.jsonl", [])).ShouldBeEmpty();

    [Theory]
    [InlineData("", "no JSON; allowed what faceanon run --faces writes: nothing")]
    [InlineData("{\"frame\":", "no JSON; allowed what faceanon run --faces writes: {\"frame\":")]
    [InlineData("[4]", "no frame; allowed a whole number above 3: [4]")]
    [InlineData("{\"frame\":3,\"faces\":[]}", "no frame; allowed a whole number above 3: {\"frame\":3,\"faces\":[]}")]
    [InlineData("{\"frame\":4.5,\"faces\":[]}", "no frame; allowed a whole number above 3: {\"frame\":4.5,\"faces\":[]}")]
    [InlineData("{\"frame\":4}", "no faces; allowed an array: {\"frame\":4}")]
    public void Read_MalformedLine_TellsFileAndLine(string line, string problem) =>
        Problem(line).ShouldEndWith($"faces.jsonl, line 2: {problem}");

    [Theory]
    [InlineData("7", "a face without a box; allowed [x, y, width, height] in pixels")]
    [InlineData("{\"box\":[1,2,3],\"cover\":\"solid\"}", "a face without a box; allowed [x, y, width, height] in pixels")]
    [InlineData("{\"box\":[1,2,0,4],\"cover\":\"solid\"}", "a face without a box; allowed [x, y, width, height] in pixels")]
    [InlineData("{\"box\":[1,2,3,1e99],\"cover\":\"solid\"}", "a face without a box; allowed [x, y, width, height] in pixels")]
    [InlineData("{\"box\":[1,2,3,4],\"cover\":\"noFace\"}", "a face without a cover; allowed synthetic, blur, mosaic, solid, wholeFrame")]
    [InlineData("{\"box\":[1,2,3,4],\"cover\":\"\\ud800\"}", "no JSON; allowed what faceanon run --faces writes")]
    [InlineData(
        "{\"box\":[1,2,3,4],\"cover\":\"solid\",\"fallback\":\"x\"}",
        "a fallback that is not known; allowed tooSmall, unconfirmed, unusableLandmarks, extremePose, uncovered, modelFailure")]
    public void Read_MalformedFace_TellsWhatIsAllowed(string face, string problem) =>
        Problem($$"""{"frame":4,"faces":[{{face}}]}""").ShouldContain($"faces.jsonl, line 2: {problem}: {{\"frame\":4,");

    [Fact]
    public void Read_EndlessLine_IsRefusedWithAnExcerpt()
    {
        var problem = Problem(new string('\u001b', 3_000_000));

        problem.ShouldEndWith($"line 2: no JSON; allowed what faceanon run --faces writes: {new string('?', 60)}…");
    }

    [Fact]
    public void Read_NoSuchFile_IsASourceFault() =>
        Should.Throw<FaultException>(() => FaceLogReader.Read(_folder.File("none.jsonl")).ToList()).Origin.ShouldBe(FaultOrigin.Source);

    private string Problem(string line)
    {
        var path = _folder.Write("faces.jsonl", [.. System.Text.Encoding.UTF8.GetBytes($"{Good}\n{line}\n")]);
        var fault = Should.Throw<FaultException>(() => FaceLogReader.Read(path).ToList());
        fault.Origin.ShouldBe(FaultOrigin.Source);
        return fault.Message;
    }
}
