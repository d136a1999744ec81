using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Cli.Scene;

/// <summary>
/// The frames of a scene, as if a decoder gave them. Several are painted side by side; painted frames wait in memory of
/// their own, so that the pool is asked only for frames that somebody waits for.
/// </summary>
internal sealed class SceneSource : IVideoSource
{
    private const int MaxLanes = 4;

    private readonly SceneScript _script;
    private readonly FramePool _pool;
    private readonly Lane[] _lanes;
    private readonly CancellationTokenSource _stop = new();
    private long _next;

    private SceneSource(SceneScript script, FramePool pool, Lane[] lanes)
    {
        _script = script;
        _pool = pool;
        _lanes = lanes;
        for (var frame = 0; frame < _lanes.Length; frame++)
        {
            Begin(frame);
        }
    }

    public FrameFormat Format => _pool.Format;

    public Rational TimeBase => _script.Options.TimeBase;

    /// <summary>The format of a scene's frames.</summary>
    public static FrameFormat FormatOf(SceneOptions options) => new(
        options.Width, options.Height, PixelFormat.FromName("yuv420p"), new YuvColor(YuvMatrix.Bt709, FullRange: false));

    /// <summary>Loads the generators and begins to paint.</summary>
    /// <param name="script">The scene.</param>
    /// <param name="model">Draws the faces.</param>
    /// <param name="pool">Gives memory for frames of <see cref="FormatOf"/>. Borrowed.</param>
    /// <param name="time">Times the generators' calls.</param>
    /// <exception cref="Faults.FaultException">A generator does not load.</exception>
    public static SceneSource Open(SceneScript script, SceneModel model, FramePool pool, TimeProvider time)
    {
        var options = script.Options;
        var backdrop = new Backdrop(options.Width, options.Height, SceneScript.MaxPan(options), options.Seed);
        var count = (int)Math.Min(options.FrameCount, Math.Min(Environment.ProcessorCount, MaxLanes));
        var lanes = new List<Lane>();
        try
        {
            while (lanes.Count < count)
            {
                lanes.Add(new Lane(new SceneRenderer(pool.Format, backdrop, model.Load(time), model.Margin)));
            }

            return new SceneSource(script, pool, [.. lanes]);
        }
        catch
        {
            lanes.ForEach(lane => lane.Renderer.Dispose());
            throw;
        }
    }

    public async ValueTask<VideoFrame?> ReadAsync(CancellationToken ct)
    {
        if (_next == _script.Options.FrameCount)
        {
            return null;
        }

        var lane = LaneOf(_next);
        await lane.Painting.WaitAsync(ct);
        var frame = await _pool.RentAsync(_next, _next, TimeBase, ct);
        lane.Planes.CopyTo(frame.Memory);
        Begin(_next + _lanes.Length);
        _next++;
        return frame;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var lane in _lanes)
        {
            // Nobody waits for these frames any more.
            await lane.Painting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lane.Renderer.Dispose();
        }

        _stop.Dispose();
    }

    private void Begin(long frame)
    {
        if (frame < _script.Options.FrameCount)
        {
            var lane = LaneOf(frame);
            lane.Painting = Task.Run(() => lane.Renderer.PaintAsync(_script.At(frame), lane.Planes, _stop.Token), _stop.Token);
        }
    }

    private Lane LaneOf(long frame) => _lanes[frame % _lanes.Length];

    /// <summary>One of the painters at work.</summary>
    private sealed class Lane(SceneRenderer renderer)
    {
        public SceneRenderer Renderer => renderer;

        public byte[] Planes { get; } = new byte[renderer.Format.SizeBytes];

        public Task Painting { get; set; } = Task.CompletedTask;
    }
}
