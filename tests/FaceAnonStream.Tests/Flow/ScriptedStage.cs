using FaceAnonStream.Flow;

namespace FaceAnonStream.Tests.Flow;

/// <summary>Passes items on, notes every call, and fails where the script says so.</summary>
internal sealed class ScriptedStage(string? failAt = null) : IStage<Item, Item>
{
    public List<string> Calls { get; } = [];

    public Exception? DisposeFault { get; init; }

    public static InvalidOperationException FaultOf(string call) => new($"{call} failed");

    public ValueTask OpenAsync(CancellationToken ct)
    {
        Note("open");
        return ValueTask.CompletedTask;
    }

    public async ValueTask ProcessAsync(Item item, Link<Item> output, CancellationToken ct)
    {
        try
        {
            Note($"process {item.Number}");
        }
        catch
        {
            item.Dispose();
            throw;
        }

        await output.SendAsync(item, ct);
    }

    public async ValueTask FlushAsync(Link<Item> output, CancellationToken ct)
    {
        Note("flush");
        await output.SendAsync(new Item(-1), ct);
    }

    public ValueTask DisposeAsync()
    {
        Calls.Add("dispose");
        return DisposeFault is null ? ValueTask.CompletedTask : ValueTask.FromException(DisposeFault);
    }

    private void Note(string call)
    {
        Calls.Add(call);
        if (call == failAt)
        {
            throw FaultOf(call);
        }
    }
}
