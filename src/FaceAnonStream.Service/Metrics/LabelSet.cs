using System.Globalization;

namespace FaceAnonStream.Service.Metrics;

/// <summary>The labels of one series, in the order in which the instrument gives them.</summary>
/// <param name="tags">Owned.</param>
internal sealed class LabelSet(KeyValuePair<string, object?>[] tags)
{
    private readonly KeyValuePair<string, object?>[] _tags = tags;

    public IReadOnlyList<KeyValuePair<string, object?>> Tags => _tags;

    /// <summary>A label's value as text; null where there is no such label.</summary>
    public string? this[string key]
    {
        get
        {
            foreach (var (name, value) in _tags)
            {
                if (name == key)
                {
                    return Text(value);
                }
            }

            return null;
        }
    }

    public static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>Compares sets with each other, and with tags that have not been copied yet.</summary>
    internal sealed class Comparer
        : IEqualityComparer<LabelSet>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, LabelSet>
    {
        public LabelSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => new(alternate.ToArray());

        public bool Equals(LabelSet? x, LabelSet? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Equals(Span(x), y));

        public int GetHashCode(LabelSet obj) => GetHashCode(Span(obj));

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, LabelSet other)
        {
            var tags = Span(other);
            if (alternate.Length != tags.Length)
            {
                return false;
            }

            for (var i = 0; i < tags.Length; i++)
            {
                if (alternate[i].Key != tags[i].Key || !object.Equals(alternate[i].Value, tags[i].Value))
                {
                    return false;
                }
            }

            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = default(HashCode);
            foreach (var (key, value) in alternate)
            {
                hash.Add(key);
                hash.Add(value);
            }

            return hash.ToHashCode();
        }

        private static ReadOnlySpan<KeyValuePair<string, object?>> Span(LabelSet set) => set._tags;
    }
}
