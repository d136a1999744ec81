namespace FaceAnonStream.Frames;

/// <summary>A rational number such as a time base (seconds per tick) or a frame rate (frames per second).</summary>
public readonly record struct Rational(int Numerator, int Denominator)
{
    public double Value => (double)Numerator / Denominator;

    public bool IsPositive => Numerator > 0 && Denominator > 0;

    public override string ToString() => $"{Numerator}/{Denominator}";
}
