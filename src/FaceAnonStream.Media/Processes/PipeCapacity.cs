using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace FaceAnonStream.Media.Processes;

/// <summary>Enlarges the pipes to a child: a raw picture through 64 KiB costs 16 times the wake-ups that it costs through 1 MiB.</summary>
internal static partial class PipeCapacity
{
    private const int SetPipeSize = 1031;

    /// <summary>What Linux grants an unprivileged process (fs.pipe-max-size); more is refused.</summary>
    private const int Bytes = 1 << 20;

    public static void Enlarge(Process process)
    {
        Enlarge(process.StandardOutput.BaseStream);
        Enlarge(process.StandardInput.BaseStream);
    }

    // A refusal only costs speed, so the result does not matter.
    private static void Enlarge(Stream stream)
    {
        if (stream is PipeStream { SafePipeHandle: { } handle })
        {
            _ = Fcntl(handle, SetPipeSize, Bytes);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(SafeHandle handle, int command, int argument);
}
