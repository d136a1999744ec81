using FaceAnonStream.Faults;
using FaceAnonStream.Models;
using Microsoft.ML.OnnxRuntime;

namespace FaceAnonStream.Inference.Verification;

/// <summary>Width and height of a picture in pixels.</summary>
internal readonly record struct PictureSize(int Width, int Height);

/// <summary>Runs a graph on fixed noise: on one picture, on another, and on both at once.</summary>
/// <param name="session">The loaded graph.</param>
/// <param name="signature">What it takes and gives.</param>
/// <param name="size">What the free sides of its inputs become.</param>
internal sealed class TrialRun(OnnxSession session, GraphSignature signature, PictureSize size)
{
    private const int FirstSeed = 1;
    private const int SecondSeed = 1001;

    // Batches of another size may be summed in another order.
    private const float Tolerance = 1e-3f;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: a run fails, or gives values that are not
    /// finite, of another shape, or other ones in a batch.</exception>
    public async Task CheckAsync(CancellationToken ct)
    {
        var first = await RunAsync([FirstSeed], ct).ConfigureAwait(false);
        if (!signature.Inputs.All(input => input.Sides[0].Symbol == GraphSignature.Batch))
        {
            return;
        }

        var second = await RunAsync([SecondSeed], ct).ConfigureAwait(false);
        var both = await RunAsync([FirstSeed, SecondSeed], ct).ConfigureAwait(false);
        for (var i = 0; i < signature.Outputs.Count; i++)
        {
            if (!AreClose(both[i], [.. first[i], .. second[i]]))
            {
                throw Failed($"output {signature.Outputs[i].Name} differs between a batch of 2 and two of 1");
            }
        }
    }

    /// <summary>The values of every output for one picture per seed.</summary>
    private async Task<float[][]> RunAsync(int[] seeds, CancellationToken ct)
    {
        foreach (var input in signature.Inputs)
        {
            long[] shape = [.. input.Sides.Select(side => (long)Bind(side, seeds.Length)!.Value)];
            Fill(session.Input(input.Name).Reshape(shape), input, seeds);
        }

        using var outputs = await session.RunAsync([.. signature.Outputs.Select(output => output.Name)], Timeout, ct).ConfigureAwait(false);
        return [.. signature.Outputs.Select((output, i) => Values(output, outputs[i], seeds.Length))];
    }

    private static void Fill(Span<float> tensor, ExpectedTensor input, int[] seeds)
    {
        var length = tensor.Length / seeds.Length;
        for (var image = 0; image < seeds.Length; image++)
        {
            var noise = new Random(seeds[image]);
            foreach (ref var value in tensor.Slice(image * length, length))
            {
                value = input.Low + ((input.High - input.Low) * noise.NextSingle());
            }
        }
    }

    private float[] Values(ExpectedTensor output, OrtValue value, int batch)
    {
        var shape = value.GetTensorTypeAndShape().Shape;
        var fits = shape.Length == output.Sides.Count
            && output.Sides.Zip(shape).All(pair => Bind(pair.First, batch) is not { } side || side == pair.Second);
        if (!fits)
        {
            throw Failed($"output {output.Name} has the shape [{string.Join(", ", shape)}]; expected "
                + $"[{string.Join(", ", output.Sides.Select(side => Bind(side, batch)?.ToString() ?? side.ToString()))}]");
        }

        var values = value.GetTensorDataAsSpan<float>().ToArray();
        return Finite.All(values) ? values : throw Failed($"output {output.Name} has values that are not finite");
    }

    /// <summary>What a side becomes; null for a side that only outputs have.</summary>
    private int? Bind(Side side, int batch) => side switch
    {
        { Size: { } fixedSize } => fixedSize,
        { Symbol: GraphSignature.Batch } => batch,
        { Symbol: "H" } => size.Height,
        _ when signature.Inputs.Any(input => input.Sides.Contains(side)) => size.Width,
        _ => null,
    };

    private static bool AreClose(float[] values, float[] expected)
    {
        var largest = 1f;
        foreach (var value in expected)
        {
            largest = MathF.Max(largest, MathF.Abs(value));
        }

        return values.Length == expected.Length
            && values.Zip(expected).All(pair => MathF.Abs(pair.First - pair.Second) <= Tolerance * largest);
    }

    private FaultException Failed(string why) => new(FaultOrigin.Model, $"{session.Model.Name}: {why}");
}
