using FaceAnonStream.Faults;

namespace FaceAnonStream.Inference.Generation;

/// <summary>One ONNX session that draws faces; its tensors are kept from call to call.</summary>
/// <param name="session">Taken over.</param>
/// <param name="inputs">What it takes for a face.</param>
/// <param name="outputs">What it gives.</param>
/// <param name="timeout">Longest time of a call.</param>
internal sealed class GraphLane(OnnxSession session, FaceTensors inputs, FaceTensors outputs, TimeSpan timeout) : IFaceLane
{
    private readonly string[] _outputNames = [.. outputs.All.Select(tensor => tensor.Name)];

    public async Task RunAsync(
        IReadOnlyList<ReadOnlyMemory<float>> inputMemory, IReadOnlyList<Memory<float>> outputMemory, CancellationToken ct)
    {
        foreach (var tensor in inputs.All)
        {
            Write(tensor, inputMemory);
        }

        using var values = await session.RunAsync(_outputNames, timeout, ct).ConfigureAwait(false);
        for (var k = 0; k < outputs.All.Count; k++)
        {
            Read(outputs.All[k], values[k].GetTensorDataAsSpan<float>(), outputMemory);
        }
    }

    public void Dispose() => session.Dispose();

    private void Write(FaceTensor tensor, IReadOnlyList<ReadOnlyMemory<float>> faces)
    {
        long[] shape = [faces.Count, .. tensor.Sides.Select(side => (long)side)];
        var values = session.Input(tensor.Name).Reshape(shape);
        for (var i = 0; i < faces.Count; i++)
        {
            faces[i].Span.Slice(tensor.Offset, tensor.Length).CopyTo(values[(i * tensor.Length)..]);
        }
    }

    private void Read(FaceTensor tensor, ReadOnlySpan<float> values, IReadOnlyList<Memory<float>> faces)
    {
        if (values.Length != faces.Count * tensor.Length)
        {
            throw Fault($"output {tensor.Name} has {values.Length} values; expected {faces.Count * tensor.Length}");
        }

        if (!Finite.All(values))
        {
            throw Fault("the generator gave values that are not finite");
        }

        for (var i = 0; i < faces.Count; i++)
        {
            values.Slice(i * tensor.Length, tensor.Length).CopyTo(tensor.Of(faces[i]));
        }
    }

    private FaultException Fault(string message) => new(FaultOrigin.Model, $"{session.Model.Name}: {message}");
}
