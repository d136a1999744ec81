using FaceAnonStream.Detection;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;

namespace FaceAnonStream.Evaluation.Networks;

/// <summary>
/// Copies of one model that work side by side, on a thread each: small networks split badly over threads, and some of them
/// take one picture at a time.
/// </summary>
internal sealed class SessionLanes : IDisposable
{
    private const int MaxLanes = 8;
    private readonly List<OnnxSession> _lanes = [];

    /// <param name="source">The model.</param>
    /// <param name="time">Measures deadlines.</param>
    /// <exception cref="Faults.FaultException">It cannot be loaded.</exception>
    public SessionLanes(ModelSource source, TimeProvider time)
    {
        try
        {
            var options = new OnnxSessionOptions { Threads = 1, Provider = ProviderPreference.Cpu };
            while (_lanes.Count < Math.Clamp(Environment.ProcessorCount, 1, MaxLanes))
            {
                _lanes.Add(OnnxSession.Load(source, options, time));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ModelIdentity Model => First.Model;

    public OnnxSession First => _lanes[0];

    /// <summary>Answers every item, several at once; the answers have the items' order.</summary>
    public async Task<TOut[]> MapAsync<TIn, TOut>(
        IReadOnlyList<TIn> items, Func<OnnxSession, TIn, CancellationToken, Task<TOut>> answer, CancellationToken ct)
    {
        var answers = new TOut[items.Count];
        var next = -1;
        await Task.WhenAll(_lanes.Take(items.Count).Select(lane => Task.Run(
            async () =>
            {
                for (var i = Interlocked.Increment(ref next); i < answers.Length; i = Interlocked.Increment(ref next))
                {
                    answers[i] = await answer(lane, items[i], ct).ConfigureAwait(false);
                }
            },
            ct))).ConfigureAwait(false);
        return answers;
    }

    public void Dispose() => _lanes.ForEach(lane => lane.Dispose());
}
