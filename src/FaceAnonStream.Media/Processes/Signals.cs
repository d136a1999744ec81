using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FaceAnonStream.Media.Processes;

/// <summary>POSIX signals.</summary>
internal static partial class Signals
{
    private const int Sigterm = 15;

    /// <summary>Asks a process to end. The runtime reaps it only after we saw it exit, so the id is still its own.</summary>
    public static void Terminate(Process process)
    {
        if (!process.HasExited)
        {
            _ = Kill(process.Id, Sigterm);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
