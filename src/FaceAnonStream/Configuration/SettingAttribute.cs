namespace FaceAnonStream.Configuration;

/// <summary>
/// Describes a setting once, for validation, the JSON schema, the documented default file and error messages.
/// </summary>
/// <param name="description">One sentence in plain words, with the unit.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string description) : Attribute
{
    public string Description { get; } = description;

    /// <summary>Smallest allowed number.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>Largest allowed number.</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>Regular expression that the whole of a string must match; empty for any.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>What <see cref="Pattern"/> means, for error messages.</summary>
    public string PatternMeaning { get; init; } = "";
}
