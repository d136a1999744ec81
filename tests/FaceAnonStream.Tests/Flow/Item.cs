namespace FaceAnonStream.Tests.Flow;

/// <summary>Counts how often it was disposed.</summary>
internal sealed class Item(int number) : IDisposable
{
    private int _disposals;

    public int Number { get; } = number;

    public int Disposals => Volatile.Read(ref _disposals);

    public void Dispose() => Interlocked.Increment(ref _disposals);
}
