namespace FaceAnonStream.Telemetry;

/// <summary>One counter for each member of an enum whose values are 0, 1, 2, …</summary>
internal sealed class Tally<T>
    where T : struct, Enum
{
    private readonly long[] _counts = new long[Enum.GetValues<T>().Length];

    public long Total => _counts.Sum();

    public int Count => _counts.Length;

    public long this[int value] => Volatile.Read(ref _counts[value]);

    public void Add(int value) => Interlocked.Increment(ref _counts[value]);
}
