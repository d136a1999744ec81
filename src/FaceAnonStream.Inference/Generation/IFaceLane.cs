namespace FaceAnonStream.Inference.Generation;

/// <summary>One session that draws faces, with its tensors. Not thread-safe: one call at a time.</summary>
internal interface IFaceLane : IDisposable
{
    /// <summary>Draws faces in one inference call.</summary>
    /// <param name="inputs">One for each face, 1 or more: its tensors one after the other.</param>
    /// <param name="outputs">One for each face: filled with what the graph gives, one tensor after the other.</param>
    /// <param name="ct">Gives the call up.</param>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Model"/>: inference failed, overstayed,
    /// or gave values that are not finite.</exception>
    Task RunAsync(IReadOnlyList<ReadOnlyMemory<float>> inputs, IReadOnlyList<Memory<float>> outputs, CancellationToken ct);
}
