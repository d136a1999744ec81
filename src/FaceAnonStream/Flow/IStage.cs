namespace FaceAnonStream.Flow;

/// <summary>One step of the pipeline. It holds no lock, starts no task and reads no clock that it was not given.</summary>
public interface IStage<TIn, TOut> : IAsyncDisposable
    where TIn : class, IDisposable
    where TOut : class, IDisposable
{
    ValueTask OpenAsync(CancellationToken ct);

    /// <summary>Takes ownership of <paramref name="item"/>, even when it throws.</summary>
    ValueTask ProcessAsync(TIn item, Link<TOut> output, CancellationToken ct);

    /// <summary>End of stream: emits what is held back.</summary>
    ValueTask FlushAsync(Link<TOut> output, CancellationToken ct);
}
