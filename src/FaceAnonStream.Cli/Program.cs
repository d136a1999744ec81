using System.Runtime.InteropServices;
using FaceAnonStream.Cli;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Media.Processes;
using FaceAnonStream.Service.Metrics;

CoreDumps.Forbid();
using var cancellation = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Cancel);

var context = new CommandContext
{
    Out = Console.Out,
    Error = Console.Error,
    DrawsProgress = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"),
    Traces = Environment.GetEnvironmentVariable("FACEANON_TRACE") == "1",
    Time = TimeProvider.System,
    OnHangUp = TakeHangUp,
    CreateMetrics = () => new MetricsPage(),
    CreateEngine = () => new LocalEngine(TimeProvider.System, ModelFolders.FromEnvironment(Environment.GetEnvironmentVariable)),
};
var exitCode = await CommandLine.RunAsync(args, context, cancellation.Token);
hangUp.Dispose();
return exitCode;

// The first signal lets the job clean up; the second meets the operating system's own answer, which ends the process.
void Cancel(PosixSignalContext signal)
{
    signal.Cancel = !cancellation.IsCancellationRequested;
    cancellation.Cancel();
}

IDisposable TakeHangUp(Action action)
{
    hangUp.Dispose();
    return hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
    {
        signal.Cancel = true;
        action();
    });
}
