namespace FaceAnonStream.Kernels;

/// <summary>
/// One side of a grid of cells: whole-sample edges inside the plane, so that each sample belongs to exactly one cell,
/// and no cell is narrower than <see cref="MinSide"/> unless the plane is.
/// </summary>
internal readonly ref struct CellAxis
{
    /// <summary>A narrower cell could show single original samples.</summary>
    public const int MinSide = 4;

    private readonly Span<int> _edges;
    private readonly double _sigma;

    /// <param name="edges">Memory for <see cref="CellField.MaxCells"/> + 1 edges.</param>
    /// <param name="from">Where the grid starts, in samples; may lie outside the plane.</param>
    /// <param name="to">Where the grid ends.</param>
    /// <param name="cells">Cells that the grid should have before the plane clips it.</param>
    /// <param name="samples">Samples of the plane along this axis.</param>
    /// <param name="blur">Whether <see cref="Weigh"/> mixes neighbouring cells.</param>
    public CellAxis(Span<int> edges, double from, double to, int cells, int samples, bool blur)
    {
        var length = to - from;
        cells = Math.Clamp(cells, 1, Math.Max(1, (int)Math.Min(length / MinSide, CellField.MaxCells)));
        var cell = length / cells;
        var first = (int)Math.Clamp(Math.Floor(from), 0, Math.Max(0, samples - MinSide));
        var last = (int)Math.Clamp(Math.Ceiling(to), Math.Min(samples, first + MinSide), samples);
        var count = 0;
        edges[0] = first;
        for (var i = 1; i < cells; i++)
        {
            // A sliver at the plane's edge joins its neighbour.
            var edge = (int)Math.Clamp(Math.Round(from + (i * cell)), first, last);
            if (edge - edges[count] >= MinSide && last - edge >= MinSide)
            {
                edges[++count] = edge;
            }
        }

        edges[++count] = last;
        _edges = edges[..(count + 1)];
        // Full width at half maximum of a Gaussian: 2·√(2·ln 2) standard deviations.
        _sigma = blur ? cell / (2 * Math.Sqrt(2 * Math.Log(2))) : 0;
    }

    public int Count => _edges.Length - 1;

    public int First => _edges[0];

    public int Last => _edges[^1];

    /// <summary>First sample of a cell; the cell ends where the next one starts.</summary>
    public int Edge(int cell) => _edges[cell];

    /// <summary>The share of each cell in a sample's value: the integral of the Gaussian over the cell, normalised over
    /// the grid; without blur, 1 for the cell that holds the sample.</summary>
    public void Weigh(int sample, Span<float> weights)
    {
        if (_sigma == 0)
        {
            for (var i = 0; i < Count; i++)
            {
                weights[i] = sample >= _edges[i] && sample < _edges[i + 1] ? 1 : 0;
            }

            return;
        }

        var center = sample + 0.5;
        var low = NormalCdf((_edges[0] - center) / _sigma);
        var total = NormalCdf((_edges[^1] - center) / _sigma) - low;
        for (var i = 0; i < Count; i++)
        {
            var high = NormalCdf((_edges[i + 1] - center) / _sigma);
            weights[i] = (float)((high - low) / total);
            low = high;
        }
    }

    /// <summary>The standard normal distribution function, within 1e-7 (Abramowitz and Stegun, 26.2.17).</summary>
    private static double NormalCdf(double z)
    {
        if (Math.Abs(z) > 6)
        {
            return z > 0 ? 1 : 0;
        }

        var t = 1 / (1 + (0.2316419 * Math.Abs(z)));
        var polynomial = t * (0.319381530 + (t * (-0.356563782
            + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        var tail = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * polynomial;
        return z > 0 ? 1 - tail : tail;
    }
}
