using FaceAnonStream.Faults;
using FaceAnonStream.Inference;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference;

public sealed class NativeCallGateTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly NativeCallGate _gate;
    private readonly ManualResetEventSlim _mayReturn = new();
    private readonly TaskCompletionSource _resultDisposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopped;

    public NativeCallGateTests() => _gate = new NativeCallGate("net.onnx", _time);

    public void Dispose() => _mayReturn.Dispose();

    [Fact]
    public async Task Run_InTime_GivesTheResult()
    {
        _mayReturn.Set();
        using var result = await RunAsync(CancellationToken.None);
        _stopped.ShouldBeFalse();
        _resultDisposed.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Run_Overstaying_IsStoppedFailsAndShutsTheGateUntilItReturns()
    {
        var call = RunAsync(CancellationToken.None);
        await _time.RingAsync();
        await _time.RingAsync();
        var fault = await Should.ThrowAsync<FaultException>(call);
        fault.Origin.ShouldBe(FaultOrigin.Model);
        fault.Message.ShouldBe("net.onnx: inference took longer than 250 ms");
        _stopped.ShouldBeTrue();

        var refused = await Should.ThrowAsync<FaultException>(RunAsync(CancellationToken.None));
        refused.Message.ShouldBe("net.onnx: an earlier inference call has not returned yet");
        Should.Throw<FaultException>(_gate.ThrowIfShut);

        _mayReturn.Set();
        await _resultDisposed.Task;
        _gate.ThrowIfShut();
    }

    [Fact]
    public async Task Run_OverstayingButHeedingTheStop_LeavesTheGateOpen()
    {
        var call = _gate.RunAsync(
            () =>
            {
                _mayReturn.Wait(CancellationToken.None);
                return new Result(_resultDisposed);
            },
            _mayReturn.Set,
            TimeSpan.FromMilliseconds(250),
            CancellationToken.None);
        await _time.RingAsync();
        (await Should.ThrowAsync<FaultException>(call)).Message.ShouldBe("net.onnx: inference took longer than 250 ms");
        await _resultDisposed.Task;
        _gate.ThrowIfShut();
    }

    [Fact]
    public async Task Run_Cancelled_IsStoppedAndStaysACancellation()
    {
        using var cancellation = new CancellationTokenSource();
        var call = RunAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(call);
        _stopped.ShouldBeTrue();
        _mayReturn.Set();
        await _resultDisposed.Task;
    }

    [Fact]
    public async Task ReleaseWhenIdle_WhileACallRuns_WaitsForItsReturn()
    {
        var call = RunAsync(CancellationToken.None);
        await _time.RingAsync();
        await _time.RingAsync();
        await Should.ThrowAsync<FaultException>(call);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gate.ReleaseWhenIdle(released.SetResult);
        released.Task.IsCompleted.ShouldBeFalse();
        _mayReturn.Set();
        await released.Task;
    }

    private Task<Result> RunAsync(CancellationToken ct) => _gate.RunAsync(
        () =>
        {
            _mayReturn.Wait(CancellationToken.None);
            return new Result(_resultDisposed);
        },
        () => _stopped = true,
        TimeSpan.FromMilliseconds(250),
        ct);

    private sealed class Result(TaskCompletionSource disposed) : IDisposable
    {
        public void Dispose() => disposed.TrySetResult();
    }
}
