using System.Numerics;
using FaceAnonStream.Kernels;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Kernels;

/// <summary>The vector form of each formula, along rows of awkward lengths, equals the scalar form bit for bit.</summary>
public sealed class RowTraversalTests
{
    private const int Guard = 5;

    public static TheoryData<int> Lengths { get; } =
        [0, 1, Vector<float>.Count - 1, Vector<float>.Count, Vector<float>.Count + 1, Sample<byte>.Lanes - 1,
            Sample<byte>.Lanes, Sample<byte>.Lanes + 1, (3 * Sample<byte>.Lanes) + 7];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Fold_AnyLength_EqualsScalar(int length)
    {
        Fold<byte, ScaleFormula>(length, 256, new ScaleFormula(0.37f));
        Fold<byte, AccumulateFormula>(length, 256, new AccumulateFormula(0.37f));
        Fold<ushort, ScaleFormula>(length, 65536, new ScaleFormula(0.37f));
        Fold<ushort, AccumulateFormula>(length, 65536, new AccumulateFormula(0.37f));
        Fold<float, AccumulateFormula>(length, 9999, new AccumulateFormula(-1.9f));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Replace_AnyLength_EqualsScalar(int length)
    {
        Replace<byte>(length, 256, new EllipseBlendFormula(0.2f, 0.5f));
        Replace<byte>(length, 256, new EllipseBlendFormula(0.2f, 0));
        Replace<ushort>(length, 65536, new EllipseBlendFormula(0.2f, 0.5f));
        Replace<ushort>(length, 65536, new EllipseBlendFormula(1.3f, 0.5f));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void RgbRow_AnyLength_EqualsScalar(int length)
    {
        var (_, green, _) = RgbFormula.Create(new YuvColor(YuvMatrix.Bt709, false), 8, 0.017f, -2.1f);
        var (luma, blue, red) = (Floats(length, 1, 255), Floats(length, 2, 255), Floats(length, 3, 255));
        var channel = Floats(length + Guard, 4, 9);
        var expected = channel.ToArray();
        for (var i = 0; i < length; i++)
        {
            expected[i] = green.Apply(luma[i], blue[i], red[i]);
        }

        green.Row(luma, blue, red, channel.AsSpan(0, length));

        channel.ShouldBe(expected);
    }

    [Theory]
    [InlineData(-70000f, 0, 0)]
    [InlineData(-0.4f, 0, 0)]
    [InlineData(0.49f, 0, 0)]
    [InlineData(0.5f, 1, 1)]
    [InlineData(254.5f, 255, 255)]
    [InlineData(255.7f, 255, 256)]
    [InlineData(65535.6f, 255, 65535)]
    [InlineData(3e9f, 255, 65535)]
    public void Store_OutOfRange_RoundsHalfUpAndSaturates(float value, byte as8, ushort as16)
    {
        var quad = Sample<float>.Load(Enumerable.Repeat(value, Sample<float>.Lanes).ToArray());
        var bytes = new byte[Sample<byte>.Lanes];
        var words = new ushort[Sample<ushort>.Lanes];
        Sample<byte>.Store(quad, bytes);
        Sample<ushort>.Store(quad, words);

        bytes.ShouldAllBe(code => code == as8);
        words.ShouldAllBe(code => code == as16);
        Sample<byte>.Narrow(value).ShouldBe(as8);
        Sample<ushort>.Narrow(value).ShouldBe(as16);
    }

    private static void Fold<T, TFormula>(int length, int codes, TFormula formula)
        where T : unmanaged, INumber<T>
        where TFormula : struct, IFoldFormula
    {
        var samples = new GuardedPlane<T>(length + 1, 1, length + 1, codes: codes);
        var sums = Floats(length + Guard, 2, 1000);
        var expected = sums.ToArray();
        for (var i = 0; i < length; i++)
        {
            expected[i] = formula.Apply(float.CreateChecked(samples[i, 0]), sums[i]);
        }

        RowTraversal.Fold(samples.View.Row(0)[..length], sums.AsSpan(0, length), formula);

        sums.ShouldBe(expected);
    }

    private static void Replace<T>(int length, int codes, EllipseBlendFormula formula)
        where T : unmanaged, INumber<T>
    {
        var plane = new GuardedPlane<T>(length + Guard, 1, length + Guard, codes: codes);
        var values = Floats(length, 2, codes - 1);
        var distances = Floats(length, 3, 3);

        RowTraversal.Replace(plane.View.Row(0)[..length], values, distances, formula);

        plane.ShouldBeUntouchedExcept((x, _) => x < length);
        for (var i = 0; i < length; i++)
        {
            var scalar = formula.Apply(float.CreateChecked(plane.Original(i, 0)), values[i], distances[i]);
            plane[i, 0].ShouldBe(T.CreateChecked(MathF.Floor(scalar + 0.5f)), $"sample {i}");
        }
    }

    private static float[] Floats(int length, int seed, float top)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() * top)];
    }
}
