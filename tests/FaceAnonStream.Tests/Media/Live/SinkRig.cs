using FaceAnonStream.Frames;
using FaceAnonStream.Live;
using FaceAnonStream.Media;
using FaceAnonStream.Media.Live;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>Frames for sinks, and what the sinks say.</summary>
internal sealed class SinkRig : IDisposable
{
    public const int TicksPerFrame = 3600;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FramePool _pool = new(Format, 4);
    private readonly RedactionLadder _ladder = RedactionLadder.For(new RedactOptions(), Format);

    public static FrameFormat Format { get; } = Formats.Of(160, 120);

    public static MediaOptions Media { get; } = new() { Preset = "ultrafast" };

    public SinkLog Log { get; } = new();

    public void Dispose() => _pool.Dispose();

    public static LiveOutput Output(string target, LiveOptions? live = null) =>
        new(Endpoint.Sink(target), Format, new Rational(1, 90_000), new Rational(25, 1), new Rational(1, 1))
        {
            Media = Media,
            Live = live ?? new LiveOptions(),
        };

    public ILiveSink Open(string target, LiveOptions? live = null, TimeProvider? time = null) =>
        LiveSink.Open(Output(target, live), Log, time ?? TimeProvider.System);

    /// <summary>A frame of noise that passed the gate. The default time is that of 25 frames a second, and not from 0.</summary>
    public async Task<AnonymizedFrame> FrameAsync(long index, long? pts = null)
    {
        var frame = await _pool.RentAsync(index, pts ?? (900_000 + (index * TicksPerFrame)), new Rational(1, 90_000), CancellationToken.None);
        MemorySource.Original(Format, index % 50).CopyTo(frame.Memory);
        return AnonymizedFrame.From(new TrackedFrame(frame, []), _ladder);
    }

    /// <summary>Writes frames as fast as they are taken.</summary>
    public async Task WriteAsync(ILiveSink sink, params IEnumerable<long> times)
    {
        var index = 0;
        foreach (var pts in times)
        {
            using var frame = await FrameAsync(index++, pts);
            await sink.WriteAsync(frame, CancellationToken.None);
        }
    }

    /// <summary>Writes that many frames as fast as they are taken.</summary>
    public Task WriteManyAsync(ILiveSink sink, int count) => WriteAsync(sink, Enumerable.Range(0, count).Select(index => (long)index * TicksPerFrame));

    /// <summary>Writes 25 frames a second, as a live stream does, until disposed.</summary>
    public LiveFeed Feed(Func<AnonymizedFrame, ValueTask> write) => new(this, write);

    public LiveFeed Feed(ILiveSink sink) => Feed(frame => sink.WriteAsync(frame, CancellationToken.None));

    /// <summary>Waits for a condition, for as long as no healthy machine needs.</summary>
    public Task Until(Func<bool> condition, string what) => Until(() => Task.FromResult(condition()), what);

    public async Task Until(Func<Task<bool>> condition, string what)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!await condition())
        {
            if (Environment.TickCount64 > deadline)
            {
                throw new TimeoutException($"waited in vain until {what}; the sink said: {string.Join(" | ", Log.Changes)}");
            }

            await Task.Delay(20);
        }
    }

    public Task UntilUp(int times = 1) => Until(() => Log.Count(EndState.Up) >= times, $"up for time {times}");

    public Task UntilAway(int times = 1) => Until(() => Log.Count(EndState.Away) >= times, $"away for time {times}");
}
