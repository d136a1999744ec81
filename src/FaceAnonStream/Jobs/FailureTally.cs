namespace FaceAnonStream.Jobs;

/// <summary>A reason and how often it occurred.</summary>
/// <param name="Reason">One line.</param>
/// <param name="Count">At least 1.</param>
public sealed record FailureCount(string Reason, long Count);

/// <summary>
/// Counts failures by reason in bounded memory: the first <see cref="MaxReasons"/> different reasons are kept, later ones
/// count as <see cref="OtherReasons"/>. Not thread-safe.
/// </summary>
public sealed class FailureTally
{
    public const int MaxReasons = 20;

    public const string OtherReasons = "other reasons";

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private long _others;

    public void Add(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        if (_counts.TryGetValue(reason, out var count) || _counts.Count < MaxReasons)
        {
            _counts[reason] = count + 1;
        }
        else
        {
            _others++;
        }
    }

    /// <summary>Most frequent first; the reasons that were not kept come last.</summary>
    public IReadOnlyList<FailureCount> ToList()
    {
        var list = _counts
            .Select(entry => new FailureCount(entry.Key, entry.Value))
            .OrderByDescending(entry => entry.Count)
            .ThenBy(entry => entry.Reason, StringComparer.Ordinal)
            .ToList();
        if (_others > 0)
        {
            list.Add(new FailureCount(OtherReasons, _others));
        }

        return list;
    }
}
