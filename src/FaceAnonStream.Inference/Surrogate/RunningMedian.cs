namespace FaceAnonStream.Inference.Surrogate;

/// <summary>The medians of the last values of several series. Its memory is bounded by the reach.</summary>
/// <param name="reach">Values that count, at least 1.</param>
internal sealed class RunningMedian(int reach)
{
    private readonly Queue<float[]> _last = [];
    private readonly List<float> _sorted = [];

    /// <summary>Adds one value to each series and returns their medians: of an even number, the mean of the two middle ones.</summary>
    public float[] Add(float[] values)
    {
        _last.Enqueue(values);
        if (_last.Count > reach)
        {
            _last.Dequeue();
        }

        var medians = new float[values.Length];
        for (var i = 0; i < medians.Length; i++)
        {
            _sorted.Clear();
            foreach (var past in _last)
            {
                _sorted.Add(past[i]);
            }

            medians[i] = Median(_sorted);
        }

        return medians;
    }

    /// <summary>Sorts <paramref name="values"/>.</summary>
    private static float Median(List<float> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
