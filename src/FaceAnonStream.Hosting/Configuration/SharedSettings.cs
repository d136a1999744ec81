namespace FaceAnonStream.Hosting.Configuration;

/// <summary>What cannot change while models are loaded, because streams share them.</summary>
internal static class SharedSettings
{
    /// <summary>Paths of what differs.</summary>
    public static IReadOnlyList<string> Changed(ServiceConfiguration old, ServiceConfiguration next)
    {
        var settings = SettingCatalog.All.Where(IsShared)
            .Where(setting => !setting.ValueIn(old.Options).Equals(setting.ValueIn(next.Options)))
            .Select(setting => setting.Path);
        (string Path, bool IsSame)[] others =
        [
            ("service", old.Service == next.Service && Equals(old.Token, next.Token)),
            ("models", old.Models == next.Models),
            ("identityKeyFile", old.IdentityKeyFile == next.IdentityKeyFile),
        ];
        return [.. others.Where(other => !other.IsSame).Select(other => other.Path), .. settings];
    }

    /// <summary>The new configuration with the old values of what cannot change.</summary>
    public static ServiceConfiguration Keep(ServiceConfiguration old, ServiceConfiguration next) => next with
    {
        Service = old.Service,
        Token = old.Token,
        Models = old.Models,
        IdentityKeyFile = old.IdentityKeyFile,
        Options = Keep(old.Options, next.Options),
        Streams = [.. next.Streams.Select(stream => stream with { Options = Keep(old.Options, stream.Options) })],
    };

    private static FaceAnonOptions Keep(FaceAnonOptions old, FaceAnonOptions next) => SettingCatalog.With(
        next, SettingCatalog.All.Where(IsShared).ToDictionary(setting => setting, setting => setting.ValueIn(old)));

    /// <summary>Whether model sessions are made with it.</summary>
    public static bool IsShared(Setting setting) =>
        setting.Path is "align.threads" or "align.timeoutMs"
        || setting.Path.StartsWith("detect.", StringComparison.Ordinal)
        || setting.Path.StartsWith("generate.", StringComparison.Ordinal);
}
