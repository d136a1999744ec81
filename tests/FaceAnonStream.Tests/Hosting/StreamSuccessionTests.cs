using FaceAnonStream.Hosting.Streams;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Hosting;

/// <summary>A stream takes the place of one that is slow to end.</summary>
public sealed class StreamSuccessionTests : IAsyncDisposable
{
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _lettingGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StreamHostRig _rig = new(StreamHostRig.Impatient with { StopMargin = TimeSpan.FromSeconds(30) });
    private ScriptedStream? _first;

    public async ValueTask DisposeAsync()
    {
        _lettingGo.TrySetResult();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task Stop_WhileThePredecessorEnds_IsObeyed()
    {
        await StartSlowAsync();
        var replacing = ReplaceAsync(Elsewhere("b"));
        await EndingAsync();

        var stopping = _rig.Host.StopAsync("door", CancellationToken.None);
        stopping.IsCompleted.ShouldBeFalse("it is still to be started");
        _lettingGo.SetResult();
        await Eventually.EndsAsync(Task.WhenAll(replacing, stopping));

        _rig.Status("door").State.ShouldBe(StreamState.Stopped);
        _rig.Status("door").Configuration.Source.Shown.ShouldBe("rtsp://b.test/door");
    }

    [Fact]
    public async Task Replace_TwiceWhileThePredecessorEnds_TheLastOneStartsAfterIt()
    {
        await StartSlowAsync();
        var second = ReplaceAsync(Elsewhere("b"));
        await EndingAsync();
        var third = ReplaceAsync(Elsewhere("c"));
        third.IsCompleted.ShouldBeFalse("the first still has the output");
        await NobodyElseStartsAsync();

        _lettingGo.SetResult();
        await Eventually.EndsAsync(Task.WhenAll(second, third));

        await _rig.ReachesAsync("door", StreamState.Running);
        _rig.Streams.Newest("door").Configuration.Source.Shown.ShouldBe("rtsp://c.test/door");
        _rig.Streams.Count("door").ShouldBe(2);
    }

    [Theory]
    [InlineData("door", "rtsp://server.test/other")]
    [InlineData("gate", "rtsp://server.test/door")]
    public async Task Add_WhileARemovedStreamHasTheNameOrTheOutput_WaitsForIt(string name, string output)
    {
        await StartSlowAsync();
        var removing = _rig.Host.RemoveAsync("door");
        await EndingAsync();
        var adding = _rig.Host.AddAsync(ScriptedStreams.Configuration(name, output: output, options: StreamHostRig.NoGrace), StreamOrigin.Api);
        await NobodyElseStartsAsync();

        _lettingGo.SetResult();
        (await Eventually.EndsAsync(removing)).ShouldBeTrue();
        (await Eventually.EndsAsync(adding)).ShouldBeNull();
        await _rig.ReachesAsync(name, StreamState.Running);
    }

    [Fact]
    public async Task Dispose_WhileARemovedStreamEnds_WaitsForIt()
    {
        await StartSlowAsync();
        var removing = _rig.Host.RemoveAsync("door");
        await EndingAsync();

        var disposing = _rig.Host.DisposeAsync().AsTask();
        disposing.IsCompleted.ShouldBeFalse("the stream still uses what its host was lent");
        _lettingGo.SetResult();
        await Eventually.EndsAsync(Task.WhenAll(removing, disposing));
    }

    private static StreamConfiguration Elsewhere(string camera) =>
        ScriptedStreams.Configuration("door", $"rtsp://{camera}.test/door", options: StreamHostRig.NoGrace);

    private Task<StreamConflict?> ReplaceAsync(StreamConfiguration next) => _rig.Host.ReplaceAsync(next, StreamOrigin.Api);

    /// <summary>Starts a stream that ends when <see cref="_lettingGo"/> says so.</summary>
    private async Task StartSlowAsync()
    {
        _rig.Streams.Script("door", configuration => _first is not null
            ? new ScriptedStream(configuration)
            : _first = new ScriptedStream(configuration)
            {
                Running = async (told, _) =>
                {
                    using var registration = told.Register(() => _ending.TrySetResult());
                    await _lettingGo.Task;
                },
            });
        await _rig.AddAsync("door");
        await _rig.ReachesAsync("door", StreamState.Running);
    }

    /// <summary>The first stream was told to end.</summary>
    private Task EndingAsync() => Eventually.EndsAsync(_ending.Task);

    /// <summary>Whoever could start beside the first has had the time to.</summary>
    private async Task NobodyElseStartsAsync()
    {
        await _rig.AddAsync("unrelated");
        await _rig.ReachesAsync("unrelated", StreamState.Running);
        _rig.Streams.Newest("door").ShouldBe(_first);
        _rig.Streams.Count("gate").ShouldBe(0);
    }
}
