using System.Runtime.InteropServices;

namespace FaceAnonStream.Media.Processes;

/// <summary>
/// Keeps crashes from writing memory to disk: it holds pictures that are not anonymised, and the identity key.
/// </summary>
public static partial class CoreDumps
{
    /// <summary>RLIMIT_CORE of Linux.</summary>
    private const int CoreLimit = 4;

    /// <summary>Too little for any dump. Where the system hands dumps to a program it ignores a limit of 0, and this one means
    /// none (core(5)).</summary>
    private const ulong NoDump = 1;

    /// <summary>Forbids them to this process and to children that it will start. Does nothing where that is not possible.</summary>
    public static void Forbid()
    {
        if (OperatingSystem.IsLinux())
        {
            // A system that forbids them more strictly refuses this.
            _ = SetLimit(CoreLimit, new Limit(NoDump, NoDump));
        }
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limit limit);

    /// <summary>struct rlimit of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Limit(ulong soft, ulong hard)
    {
        private readonly ulong _soft = soft;
        private readonly ulong _hard = hard;
    }
}
