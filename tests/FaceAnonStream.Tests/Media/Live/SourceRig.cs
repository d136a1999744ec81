using System.Collections.Concurrent;
using System.Threading.Channels;
using FaceAnonStream.Alignment;
using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Jobs;
using FaceAnonStream.Live;
using FaceAnonStream.Media;
using FaceAnonStream.Media.Live;
using Shouldly;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>A live source under test, its reader, and everything that was told.</summary>
internal sealed class SourceRig : IStreamEvents, IAsyncDisposable
{
    /// <summary>More than any healthy machine needs for one step.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>That of the default settings.</summary>
    public static readonly PictureLimit Limit = new(FrameBudget.LargestFrame((long)new MediaOptions().FrameMemoryMb << 20, new DetectOptions { BatchSize = 1 }, new AlignOptions()));

    private readonly Channel<EndState> _states = Channel.CreateBounded<EndState>(1000);
    private readonly ConcurrentQueue<DropReason> _drops = [];
    private readonly ConcurrentQueue<string> _told = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly LatencyGate _gate = new(TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeProvider.System);
    private readonly FramePool _pool;
    private readonly LiveSource _source;
    private long _lastPts = -1;

    private SourceRig(LiveInput input, LiveOptions live, int poolFrames)
    {
        Input = input;
        _pool = new FramePool(input.Format, poolFrames);
        _source = LiveSource.Open(input, _pool, _gate, live, new MediaOptions(), this, TimeProvider.System, _ending.Token);
    }

    public LiveInput Input { get; }

    public FramePool Pool => _pool;

    public LiveSource Source => _source;

    public long Frames { get; private set; }

    /// <summary>When the first and the last slate were that was read.</summary>
    public (long First, long Last)? Slates { get; private set; }

    public IReadOnlyCollection<DropReason> Drops => _drops;

    /// <summary>Every reason that was given.</summary>
    public IReadOnlyCollection<string> Told => _told;

    public static async Task<SourceRig> OpenAsync(string address, LiveOptions? live = null, int poolFrames = 16, PictureLimit? limit = null)
    {
        live ??= new LiveOptions();
        limit ??= Limit;
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                var input = await LiveProbe.ProbeAsync(Endpoint.Source(address), live, new MediaOptions(), limit, TimeProvider.System, CancellationToken.None);
                return new SourceRig(input, live, poolFrames);
            }
            catch (FaultException) when (Environment.TickCount64 < deadline)
            {
                // The peer is not there yet.
                await Task.Delay(50);
            }
        }
    }

    public void Changed(StreamEnd end, EndState state, string? reason)
    {
        _told.Enqueue(reason ?? "");
        _states.Writer.TryWrite(state);
    }

    public void Dropped(DropReason reason) => _drops.Enqueue(reason);

    /// <summary>Reads frames, each checked for its place in the stream, until one answers.</summary>
    public async Task UntilFrameAsync(Func<VideoFrame, bool> isIt)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            using var frame = await _source.ReadAsync(patience.Token) ?? throw new InvalidOperationException("the stream ended");
            Check(frame);
            if (isIt(frame))
            {
                return;
            }
        }
    }

    public Task FramesAsync(int count) => UntilFrameAsync(_ => --count <= 0);

    /// <summary>Reads on until the source is in a state.</summary>
    public async Task UntilStateAsync(EndState state)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        var draining = DrainAsync(enough.Token);
        while (await _states.Reader.ReadAsync(patience.Token) != state)
        {
        }

        await enough.CancelAsync();
        await draining;
    }

    /// <summary>Ends the stream and reads what is left.</summary>
    public async Task EndAsync()
    {
        await _ending.CancelAsync();
        while (await _source.ReadAsync(CancellationToken.None) is { } frame)
        {
            Check(frame);
            frame.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _ending.Dispose();
        _pool.LiveFrames.ShouldBe(0);
        _pool.Dispose();
    }

    /// <summary>Whether a frame is of one colour.</summary>
    public static bool IsSlate(VideoFrame frame) => frame.Memory.Span[..(frame.Format.Width * frame.Format.Height)].IndexOfAnyExcept(frame.Memory.Span[0]) < 0;

    private async Task DrainAsync(CancellationToken ct)
    {
        try
        {
            while (await _source.ReadAsync(ct) is { } frame)
            {
                Check(frame);
                frame.Dispose();
            }
        }
        catch (OperationCanceledException)
        {
            // Enough was read.
        }
    }

    private void Check(VideoFrame frame)
    {
        frame.Index.ShouldBe(Frames++);
        frame.Pts.ShouldBeGreaterThan(_lastPts);
        _lastPts = frame.Pts;
        _gate.Leave(frame.ArrivedAt);
        if (IsSlate(frame))
        {
            Slates = (Slates?.First ?? frame.Pts, frame.Pts);
        }
    }
}
