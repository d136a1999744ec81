using System.Text;
using FaceAnonStream.Service.Metrics;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Service.Metrics;

public sealed class PrometheusTextTests
{
    private static readonly Gen<string> AnyText =
        from characters in Gen.ListOf(Gen.Frequency((3, Gen.Elements('\\', '"', '\n', '{', '}', ',', '=', ' ', '#')), (5, Gen.Choose(32, 0x2fff).Select(c => (char)c))))
        select new string([.. characters]);

    [Fact]
    public void Write_AnyLabelAndValue_ComesBack()
    {
        var any =
            from label in AnyText
            from help in AnyText
            from value in ArbMap.Default.GeneratorFor<double>()
            select (label, help, value);
        Prop.ForAll(any.ToArbitrary(), sample =>
        {
            var labels = new LabelSet([new("stream", sample.label), new("other", 7)]);
            var lines = Lines(new MetricFamily("m", sample.help, MetricKind.Gauge, [new Sample(labels, sample.value)], []));
            lines.Count.ShouldBe(1);
            lines[0].Labels["stream"].ShouldBe(sample.label);
            lines[0].Labels["other"].ShouldBe("7");
            lines[0].Value.ShouldBe(sample.value);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Write_AnyHistogram_AddsUpAndEndsWithInfinity()
    {
        Prop.ForAll(Gen.ListOf(Gen.Choose(-10, 110)).ToArbitrary(), values =>
        {
            var series = new HistogramSeries([0, 1, 50, 100]);
            foreach (var value in values)
            {
                series.Record(value);
            }

            var lines = Lines(new MetricFamily("h", "", MetricKind.Histogram, [], [series.Read(new LabelSet([]))]));
            lines.Select(line => line.Name).ShouldBe(["h_bucket", "h_bucket", "h_bucket", "h_bucket", "h_bucket", "h_sum", "h_count"]);
            foreach (var line in lines.Take(5))
            {
                var end = line.Labels["le"] == "+Inf" ? double.PositiveInfinity : double.Parse(line.Labels["le"], System.Globalization.CultureInfo.InvariantCulture);
                line.Value.ShouldBe(values.Count(value => value <= end));
            }

            lines[5].Value.ShouldBe(values.Sum());
            lines[6].Value.ShouldBe(values.Count);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("faceanon.frames.decoded", "{frame}", "Counter", "faceanon_frames_decoded_total")]
    [InlineData("dotnet.gc.pause.time", "s", "Counter", "dotnet_gc_pause_time_seconds_total")]
    [InlineData("dotnet.process.memory.working_set", "By", "Gauge", "dotnet_process_memory_working_set_bytes")]
    [InlineData("9 lives-left", null, "Gauge", "_9_lives_left")]
    [InlineData("", null, "Gauge", "_")]
    public void Of_Instrument_FollowsTheNamingRules(string instrument, string? unit, string kind, string name) =>
        PrometheusName.Of(instrument, unit, Enum.Parse<MetricKind>(kind)).ShouldBe(name);

    private static IReadOnlyList<SampleLine> Lines(MetricFamily family)
    {
        var text = new StringBuilder();
        PrometheusText.Write(text, family);
        return TextFormat.Parse(text.ToString());
    }
}
