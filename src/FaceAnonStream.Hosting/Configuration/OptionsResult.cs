namespace FaceAnonStream.Hosting.Configuration;

/// <summary>Options, or every reason why there are none.</summary>
/// <param name="Options">Null when there are errors.</param>
/// <param name="Errors">One line each.</param>
public sealed record OptionsResult(FaceAnonOptions? Options, IReadOnlyList<string> Errors)
{
    public static OptionsResult Success(FaceAnonOptions options) => new(options, []);

    public static OptionsResult Failed(params IReadOnlyList<string> errors) => new(null, errors);
}
