using System.Globalization;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Chaos;

/// <summary>Runs by itself: what it promises about time holds for a machine that does nothing else.</summary>
[CollectionDefinition(nameof(ChaosTests), DisableParallelization = true)]
[Collection(nameof(ChaosTests))]
public sealed class ChaosTests(ITestOutputHelper output)
{
    /// <summary>How long the chaos lasts; <c>./test --chaos SECONDS</c> sets it.</summary>
    private const string SecondsVariable = "FACEANON_CHAOS_SECONDS";

    private const int ShortSeconds = 40;
    private const double MaxOutageSeconds = 5;
    private const double MaxGrowthMb = 64;

    [Fact]
    public async Task Stream_HarmedAtRandom_ComesBackWithinFiveSecondsAndNeverShowsAFace()
    {
        var seconds = Environment.GetEnvironmentVariable(SecondsVariable) is { } asked ? int.Parse(asked, CultureInfo.InvariantCulture) : ShortSeconds;
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}, {seconds} s");
        await using var rig = await ChaosRig.StartAsync(FaceAnonOptions.LiveDefaults, seed);
        var start = TimeProvider.System.GetTimestamp();
        var outages = new List<(string Harm, TimeSpan Outage)>();
        var memoryMb = new List<double>();
        while (TimeProvider.System.GetElapsedTime(start).TotalSeconds < seconds)
        {
            var last = "";
            try
            {
                outages.Add(await rig.HarmAsync(harm => last = harm).WaitAsync(TimeSpan.FromMinutes(1)));
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"the stream did not come back: {last}");
            }

            memoryMb.Add(Environment.WorkingSet / 1e6);
        }

        var report = await rig.EndAsync();
        foreach (var harm in outages.GroupBy(outage => outage.Harm))
        {
            output.WriteLine($"{harm.Count(),4} x {harm.Key}: back after {harm.Max(outage => outage.Outage).TotalSeconds:0.00} s at most");
        }

        output.WriteLine($"{rig.Judge.SceneFrames} frames of the scene, {rig.Judge.BlankFrames} slates, {rig.Judge.DamagedFrames} damaged frames; "
            + $"{rig.Judge.Faces} faces looked for, {rig.Judge.Leaks.Count} seen");
        output.WriteLine($"{report.Frames.Emitted} frames anonymised, {report.Dropped.Total()} dropped, {report.Reconnects.Source} + {report.Reconnects.Sink} reconnects, "
            + $"latency {report.LatencyMs?.P50} / {report.LatencyMs?.P99} ms, memory {memoryMb[0]:0} to {memoryMb[^1]:0} MB");
        rig.Judge.Leaks.ShouldBeEmpty();
        rig.Judge.Faces.ShouldBeGreaterThan(outages.Count);
        outages.ShouldAllBe(outage => outage.Outage.TotalSeconds < MaxOutageSeconds);
        MedianOf(memoryMb[(memoryMb.Count / 2)..]).ShouldBeLessThan(MedianOf(memoryMb[..((memoryMb.Count + 1) / 2)]) + MaxGrowthMb);
    }

    /// <summary>A judge that never sees anything would find every output clean.</summary>
    [Fact]
    public async Task Judge_SceneThatNobodyAnonymised_SeesItsFaces()
    {
        using var scene = await StampedScene.MakeAsync();
        using var judge = new OutputJudge(scene);
        var copy = await RawClip.DecodeAsync(scene.Path);
        for (var i = 0; i < copy.Frames.Count; i++)
        {
            judge.Look(copy.Luma(i)).ShouldBe(Sight.Scene);
        }

        judge.Faces.ShouldBeGreaterThan(200);
        judge.Leaks.Count.ShouldBeGreaterThan((int)(judge.Faces * 0.9));
    }

    private static double MedianOf(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
