namespace FaceAnonStream.Inference;

/// <summary>Where a network runs.</summary>
public enum ProviderPreference
{
    /// <summary>CUDA where it loads, the CPU otherwise.</summary>
    Auto,

    /// <summary>The CPU only.</summary>
    Cpu,

    /// <summary>CUDA only: loading fails where it does not work.</summary>
    Cuda,
}

/// <summary>How a model is loaded.</summary>
public sealed record OnnxSessionOptions
{
    /// <summary>CPU threads of one call; 0 takes half of the cores, at most 8: the rest decode and encode.</summary>
    public int Threads { get; init; }

    public ProviderPreference Provider { get; init; } = ProviderPreference.Auto;

    internal int EffectiveThreads => Threads > 0 ? Threads : Math.Clamp(Environment.ProcessorCount / 2, 1, 8);
}
