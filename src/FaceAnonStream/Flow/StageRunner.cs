using System.Runtime.ExceptionServices;
using FaceAnonStream.Telemetry;

namespace FaceAnonStream.Flow;

/// <summary>Runs one stage between two links.</summary>
public static class StageRunner
{
    /// <summary>
    /// Opens the stage, processes until the input completes, flushes. Whatever happens, the output is completed with the
    /// first fault, the input is abandoned and the stage disposed.
    /// </summary>
    /// <param name="stage">Disposed.</param>
    /// <param name="input">What it is given.</param>
    /// <param name="output">What it gives; it must measure waiting where there is a meter.</param>
    /// <param name="ct">Stops.</param>
    /// <param name="meter">Measures how long the stage works on each item; null leaves it unmeasured.</param>
    public static async Task RunAsync<TIn, TOut>(
        IStage<TIn, TOut> stage, Link<TIn> input, Link<TOut> output, CancellationToken ct, StageMeter? meter = null)
        where TIn : class, IDisposable
        where TOut : class, IDisposable
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        Exception? fault = null;
        try
        {
            await stage.OpenAsync(ct).ConfigureAwait(false);
            while (await input.ReceiveAsync(ct).ConfigureAwait(false) is { } item)
            {
                var start = meter?.Start() ?? 0;
                var waited = output.WaitedTicks;
                await stage.ProcessAsync(item, output, ct).ConfigureAwait(false);
                meter?.Worked(start, output.WaitedTicks - waited);
            }

            await stage.FlushAsync(output, ct).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            fault = exception;
        }

        input.Abandon();
        try
        {
            await stage.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A stage that failed may well fail to clean up: the first fault is the cause.
            fault ??= exception;
        }

        output.Complete(fault);
        if (fault is not null)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }
}
