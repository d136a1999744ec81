using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using FaceAnonStream.Faults;

namespace FaceAnonStream.Media.Processes;

/// <summary>
/// A running helper program: started with an argument list (never a shell string), its standard error drained into a
/// bounded tail, stopped gracefully first and then by force.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StreamReader _error;
    private readonly StderrTail _stderr = new();
    private readonly TimeSpan _stopGrace;
    private readonly TimeProvider _time;
    private readonly Task _exited;

    private ChildProcess(Process process, string name, TimeSpan stopGrace, TimeProvider time)
    {
        _process = process;
        Output = process.StandardOutput.BaseStream;
        Input = process.StandardInput.BaseStream;
        _error = process.StandardError;
        _stopGrace = stopGrace;
        _time = time;
        Name = name;
        _exited = WaitForExitAsync();
    }

    /// <summary>The program's file name, for messages.</summary>
    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>Text that the child writes.</summary>
    public Stream Output { get; }

    /// <summary>What the child reads.</summary>
    public Stream Input { get; }

    /// <summary>Takes the child's output for pictures. Cancelling a read ends the child.</summary>
    public Stream OpenPictureOutput() => new ChildPipe((PipeStream)Output, Kill);

    /// <summary>Takes the child's input for pictures. Cancelling a write ends the child.</summary>
    public Stream OpenPictureInput() => new ChildPipe((PipeStream)Input, Kill);

    /// <summary>The last lines that the child wrote to standard error.</summary>
    public IReadOnlyList<string> ErrorLines => _stderr.Lines;

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its path or name.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="stopGrace">How long it may take to stop by itself.</param>
    /// <param name="time">Times the grace.</param>
    /// <param name="folder">Where it runs; null for where we run.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Node"/>: there is no such program or it cannot be
    /// started.</exception>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, TimeSpan stopGrace, TimeProvider time, string? folder = null)
    {
        var path = ProgramPath.Find(program);
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? "",
        };

        // A session of its own keeps the terminal's Ctrl-C away from the child: we decide how it ends.
        if (ProgramPath.TryFind("setsid") is { } setsid)
        {
            start.FileName = setsid;
            start.ArgumentList.Add(path);
        }
        else
        {
            start.FileName = path;
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            var process = Process.Start(start)!;
            PipeCapacity.Enlarge(process);
            return new ChildProcess(process, Path.GetFileName(path), stopGrace, time);
        }
        catch (Win32Exception exception)
        {
            throw new FaultException(FaultOrigin.Node, $"cannot start {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Starts a program for somebody who takes it over. When that fails the program is ended at once.</summary>
    /// <inheritdoc cref="Start(string, IEnumerable{string}, TimeSpan, TimeProvider, string?)"/>
    /// <param name="taker">Takes the child over.</param>
    public static T Start<T>(
        string program, IEnumerable<string> arguments, TimeSpan stopGrace, TimeProvider time, Func<ChildProcess, T> taker, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(taker);
        var child = Start(program, arguments, stopGrace, time, folder);
        try
        {
            return taker(child);
        }
        catch
        {
            // Nobody else knows it. What is left of it goes in the background.
            child.Kill();
            _ = child.DisposeAsync().AsTask();
            throw;
        }
    }

    /// <summary>Waits until the child has ended and its standard error is read to the end.</summary>
    /// <returns>The exit code; 128 + n when signal n ended it.</returns>
    public async Task<int> ExitAsync(CancellationToken ct)
    {
        await _exited.WaitAsync(ct).ConfigureAwait(false);
        return _process.ExitCode;
    }

    /// <summary>Says why the child failed, in one line, from what it wrote to standard error.</summary>
    public string Reason(int exitCode)
    {
        var reason = _stderr.Reason;
        return reason.Length > 0 ? reason : $"{Name} (process {Id}) ended with exit code {exitCode}";
    }

    /// <summary>Asks the child to stop (SIGTERM), waits for the grace, then kills it. Does nothing when it has ended.</summary>
    public async Task StopAsync()
    {
        if (_exited.IsCompleted)
        {
            return;
        }

        Signals.Terminate(_process);
        try
        {
            await _exited.WaitAsync(_stopGrace, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Kill();
            await _exited.ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);

        // The process leaves pipes that were asked for to finalizers.
        await Input.DisposeAsync().ConfigureAwait(false);
        await Output.DisposeAsync().ConfigureAwait(false);
        _error.Dispose();
        _process.Dispose();
    }

    /// <summary>Ends the child at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended in the meantime.
        }
    }

    private async Task WaitForExitAsync()
    {
        await _stderr.DrainAsync(_error).ConfigureAwait(false);
        await _process.WaitForExitAsync().ConfigureAwait(false);
    }
}
