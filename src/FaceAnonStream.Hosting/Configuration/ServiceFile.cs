using System.Net;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting.Streams;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>
/// Reads a service's configuration file: the sections that all streams share, <c>service:</c>, <c>models:</c>,
/// <c>identityKeyFile:</c> and the list <c>streams:</c>. Every problem is noted, none of them with a secret.
/// </summary>
public sealed class ServiceFile
{
    private static readonly IReadOnlyList<SettingSection> OwnSections = SettingCatalog.SectionsOf(typeof(ServiceSections));
    private static readonly IReadOnlyList<string> Keys =
        [.. OwnSections.Select(section => section.Key), "identityKeyFile", .. SettingCatalog.Sections.Select(section => section.Key), "streams"];

    private readonly ConfigBinder _binder;
    private readonly Func<string, string?> _environment;
    private readonly ServiceSections _sections = new();
    private readonly Dictionary<Setting, object> _values = [];
    private readonly Dictionary<string, long> _lines = [];
    private readonly List<StreamConfiguration> _streams = [];
    private string? _keyFile;

    private ServiceFile(string file, Func<string, string?> environment)
    {
        _binder = new ConfigBinder(file);
        _environment = environment;
    }

    /// <param name="path">The file.</param>
    /// <param name="environment">Reads an environment variable.</param>
    public static ServiceResult Read(string path, Func<string, string?> environment) =>
        ConfigurationFile.TryReadText(path, out var content)
            ? Parse(path, content, environment)
            : new ServiceResult(null, [content]);

    /// <param name="file">The file's name for messages.</param>
    /// <param name="text">Its content.</param>
    /// <param name="environment">Reads an environment variable.</param>
    public static ServiceResult Parse(string file, string text, Func<string, string?> environment) =>
        new ServiceFile(file, environment).Bind(text);

    private ServiceResult Bind(string text)
    {
        YamlReader.ReadRoot(_binder, text, ReadRoot);
        var token = ReadToken();
        CheckListening(token);
        return _binder.Errors.Count > 0
            ? new ServiceResult(null, _binder.Errors)
            : new ServiceResult(
                new ServiceConfiguration
                {
                    Service = _sections.Service,
                    Token = token,
                    Models = _sections.Models.Paths,
                    IdentityKeyFile = _keyFile,
                    Options = SettingCatalog.With(FaceAnonOptions.LiveDefaults, _values),
                    Streams = _streams,
                },
                []);
    }

    private void ReadRoot(ConfigNode root)
    {
        ConfigNode? streams = null;
        foreach (var (key, node) in _binder.Entries(root, path: null, "sections such as streams:", Keys))
        {
            _lines[key] = node.Line;
            if (key == "streams")
            {
                streams = node;
            }
            else if (key == "identityKeyFile")
            {
                _keyFile = _binder.Text(node, key, "a path");
            }
            else if (OwnSections.FirstOrDefault(section => section.Key == key) is { } own)
            {
                foreach (var (setting, value) in _binder.Settings(own, node))
                {
                    setting.SetIn(_sections, value);
                }
            }
            else
            {
                foreach (var (setting, value) in _binder.Settings(SettingCatalog.Sections.Single(section => section.Key == key), node))
                {
                    _values[setting] = value;
                }
            }
        }

        var globals = SettingCatalog.With(FaceAnonOptions.LiveDefaults, _values);
        foreach (var misfit in LiveChecks.Check(globals))
        {
            _binder.Report(_lines.GetValueOrDefault("live", root.Line), misfit);
        }

        // Last, because streams start from the settings of all.
        ReadStreams(streams, globals);
    }

    private void ReadStreams(ConfigNode? node, FaceAnonOptions globals)
    {
        if (node is null or ConfigScalar { IsNull: true, Extra: null } || !_binder.IsPlain(node, "streams"))
        {
            return;
        }

        if (node is not ConfigList list)
        {
            _binder.Report(node.Line, $"streams: {(node is ConfigScalar ? "a text" : "a mapping")}; allowed a list of streams");
            return;
        }

        if (list.Items.Count > ServiceConfiguration.MaxStreams)
        {
            _binder.Report(node.Line, $"streams: {list.Items.Count}; allowed {ServiceConfiguration.MaxStreams} or fewer");
            return;
        }

        var reader = new StreamBinder(_binder, new FileStreamRules(_environment), globals);
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (reader.Read(list.Items[i], $"streams[{i}]") is { } stream)
            {
                AddStream(stream, list.Items[i].Line, $"streams[{i}]");
            }
        }
    }

    private void AddStream(StreamConfiguration stream, long line, string place)
    {
        if (_streams.Any(other => other.Name == stream.Name))
        {
            _binder.Report(line, $"{place}.name: {stream.Name}, which another stream has; allowed a name of its own");
        }
        else if (_streams.FirstOrDefault(other => other.Output.Equals(stream.Output)) is { } other)
        {
            _binder.Report(line, $"{place}.output: the same as of {other.Name}; allowed an output of its own");
        }
        else
        {
            _streams.Add(stream);
        }
    }

    private AccessToken? ReadToken()
    {
        var key = _sections.Service.TokenEnv.Length > 0 ? "service.tokenEnv" : "service.tokenFile";
        try
        {
            return SecretText.Read(_sections.Service.TokenFile, _sections.Service.TokenEnv, _environment) is { } text
                ? AccessToken.Parse(text)
                : null;
        }
        catch (FaultException fault) when (fault.Origin == FaultOrigin.Configuration)
        {
            _binder.Report(_lines.GetValueOrDefault("service"), $"{key}: {fault.Message}");
            return null;
        }
    }

    private void CheckListening(AccessToken? token)
    {
        var listen = _sections.Service.Listen;
        if (_sections.Service.Endpoint is not { } endpoint)
        {
            _binder.Report(_lines.GetValueOrDefault("service"), $"service.listen: {OneLine.Excerpt(listen)}; allowed an address and a port such as 127.0.0.1:8088");
        }
        else if (token is null && _binder.Errors.Count == 0 && !IPAddress.IsLoopback(endpoint.Address))
        {
            _binder.Report(
                _lines.GetValueOrDefault("service"),
                $"service.listen: {listen} can be reached from other machines, and there is no token; allowed a loopback address such as "
                + "127.0.0.1:8088, or service.tokenFile or service.tokenEnv with a token");
        }
    }
}
