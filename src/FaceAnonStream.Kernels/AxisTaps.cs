namespace FaceAnonStream.Kernels;

/// <summary>
/// The weights of a one-dimensional resampling. Output i is <c>Σ_k Weights[i·Count + k] · input[Starts[i] + k]</c>.
/// Shrinking averages exactly the footprint of an output sample (box filter with fractional ends); enlarging is linear.
/// </summary>
internal sealed class AxisTaps
{
    /// <param name="inputs">Samples of the input, which holds the region; what lies beyond repeats the edge.</param>
    /// <param name="origin">Where the region starts, in input samples; sample j covers [j, j + 1).</param>
    /// <param name="length">Length of the region, in input samples.</param>
    /// <param name="outputs">Samples that the region becomes.</param>
    public AxisTaps(int inputs, double origin, double length, int outputs)
    {
        var footprints = new Footprint[outputs];
        var step = length / outputs;
        for (var i = 0; i < outputs; i++)
        {
            // Linear interpolation between sample centres is the average over a footprint one sample wide.
            var center = origin + ((i + 0.5) * step);
            var half = Math.Max(step, 1) / 2;
            // Rounded, so that whole-number ratios touch no neighbour by a rounding error.
            footprints[i] = new Footprint(Math.Round(center - half, 9), Math.Round(center + half, 9), inputs);
        }

        Count = footprints.Max(footprint => footprint.Last - footprint.First + 1);
        Starts = new int[outputs];
        Weights = new float[outputs * Count];
        for (var i = 0; i < outputs; i++)
        {
            Starts[i] = Math.Min(footprints[i].First, inputs - Count);
            footprints[i].AddWeights(Weights.AsSpan(i * Count, Count), Starts[i]);
        }
    }

    /// <summary>Taps per output; unused ones have weight 0.</summary>
    public int Count { get; }

    /// <summary>First input sample of each output: <c>Starts[i] + Count</c> never exceeds the input.</summary>
    public int[] Starts { get; }

    /// <summary>Per output, <see cref="Count"/> weights that sum to 1.</summary>
    public float[] Weights { get; }

    private readonly record struct Footprint(double From, double To, int Inputs)
    {
        public int First => Clamp(Math.Floor(From));

        public int Last => Clamp(Math.Ceiling(To) - 1);

        public void AddWeights(Span<float> weights, int start)
        {
            for (var j = Math.Floor(From); j < To; j++)
            {
                var overlap = Math.Min(j + 1, To) - Math.Max(j, From);
                weights[Clamp(j) - start] += (float)(overlap / (To - From));
            }
        }

        private int Clamp(double j) => (int)Math.Clamp(j, 0, Inputs - 1);
    }
}
