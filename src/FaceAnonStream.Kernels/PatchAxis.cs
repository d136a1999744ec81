namespace FaceAnonStream.Kernels;

/// <summary>One side of a <see cref="Patch"/>: which samples of a plane it holds, and into how many cells it shrinks them.</summary>
/// <param name="First">Its first sample.</param>
/// <param name="Samples">How many it holds, at least 1.</param>
/// <param name="Cells">How many are left, at least 1.</param>
internal readonly record struct PatchAxis(int First, int Samples, int Cells)
{
    /// <summary>
    /// Cells that one step may pass. Interpolation between cells that are 2/3 of a step wide weighs like an average over a
    /// step: 0.57 of the amplitude is left at the highest frequency that the result can hold (0.64 of an average's), and
    /// 0.26 at one and a half times that (an average's 0.3).
    /// </summary>
    private const double CellsPerStep = 1.5;

    /// <summary>Samples per cell.</summary>
    public double Pitch => (double)Samples / Cells;

    /// <summary>How far, in samples, what a look takes in can lie from it.</summary>
    /// <param name="step">Samples from one look to the next.</param>
    public static double Reach(double step) => 1.5 * PitchOf(step);

    /// <summary>Holds what is needed to look at indices from <paramref name="low"/> to <paramref name="high"/>.</summary>
    /// <param name="low">Lowest index.</param>
    /// <param name="high">Highest index.</param>
    /// <param name="step">Samples from one look to the next.</param>
    /// <param name="length">Samples of the plane; what lies beyond repeats the edge.</param>
    public static PatchAxis Around(double low, double high, double step, int length)
    {
        var pitch = PitchOf(step);
        var first = (int)Math.Clamp(Math.Floor(low + 0.5 - pitch), 0, length - 1);
        var end = (int)Math.Clamp(Math.Ceiling(high + 0.5 + pitch), first + 1, length);
        return new PatchAxis(first, end - first, (int)Math.Ceiling((end - first) / pitch));
    }

    /// <summary>The position, in cells, of an index of the plane.</summary>
    public double ToCell(double index) => ((index + 0.5 - First) / Pitch) - 0.5;

    private static double PitchOf(double step) => Math.Max(step / CellsPerStep, 1);
}
