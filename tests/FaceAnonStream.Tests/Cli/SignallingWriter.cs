namespace FaceAnonStream.Tests.Cli;

/// <summary>Collects text and tells when some text has appeared.</summary>
internal sealed class SignallingWriter(string awaited, TaskCompletionSource signal) : StringWriter
{
    private readonly Lock _lock = new();

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void Write(string? value)
    {
        lock (_lock)
        {
            base.Write(value);
            if (GetStringBuilder().ToString().Contains(awaited, StringComparison.Ordinal))
            {
                signal.TrySetResult();
            }
        }
    }
}
