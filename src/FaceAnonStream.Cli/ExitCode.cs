using FaceAnonStream.Faults;

namespace FaceAnonStream.Cli;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;

    /// <summary>What was asked for is wrong: the command line, a configuration file, a path.</summary>
    public const int Usage = 2;

    /// <summary>128 + SIGINT, as shells report it.</summary>
    public const int Cancelled = 130;

    public static int For(FaultOrigin origin) => origin == FaultOrigin.Configuration ? Usage : Failed;
}
