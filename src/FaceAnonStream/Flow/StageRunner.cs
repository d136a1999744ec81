using System.Runtime.ExceptionServices;

namespace FaceAnonStream.Flow;

/// <summary>Runs one stage between two links.</summary>
public static class StageRunner
{
    /// <summary>
    /// Opens the stage, processes until the input completes, flushes. Whatever happens, the output is completed with the
    /// first fault, the input is abandoned and the stage disposed.
    /// </summary>
    public static async Task RunAsync<TIn, TOut>(
        IStage<TIn, TOut> stage, Link<TIn> input, Link<TOut> output, CancellationToken ct)
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
                await stage.ProcessAsync(item, output, ct).ConfigureAwait(false);
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
