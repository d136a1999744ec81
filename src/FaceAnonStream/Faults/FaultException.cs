namespace FaceAnonStream.Faults;

/// <summary>Whose fault it was.</summary>
public enum FaultOrigin
{
    /// <summary>What the user asked for is wrong.</summary>
    Configuration,

    /// <summary>The input cannot be read.</summary>
    Source,

    /// <summary>A neural network cannot be loaded or run.</summary>
    Model,

    /// <summary>The output cannot be written.</summary>
    Sink,

    /// <summary>This machine lacks something: a program, memory, a device.</summary>
    Node,

    /// <summary>A bug of ours.</summary>
    Defect,
}

/// <summary>An expected failure: one line that says what is wrong and, where it helps, what to do.</summary>
public sealed class FaultException : Exception
{
    public FaultException(FaultOrigin origin, string message, Exception? innerException = null)
        : base(message, innerException) => Origin = origin;

    public FaultOrigin Origin { get; }
}
