using System.CommandLine;
using FaceAnonStream.Cli.Progress;
using FaceAnonStream.Cli.Reporting;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Jobs;

namespace FaceAnonStream.Cli.Commands;

/// <summary><c>faceanon run</c>: anonymises one recording or one live stream.</summary>
internal sealed class RunCommand
{
    private readonly Argument<string> _input = new("INPUT") { Description = "The recording, or the address of a live stream." };

    private readonly Argument<string> _output = new("OUTPUT")
    {
        Description = "The file to make: it appears when it is complete; its extension chooses the container. Of a live stream also an "
            + "address, a playlist NAME.m3u8, or a folder NAME/ for one file after the other.",
    };

    private readonly Option<string> _config = new("--config")
    {
        HelpName = "FILE.yaml",
        Description = "Read settings from this file; see faceanon settings.",
    };

    private readonly Option<string> _report = new("--report")
    {
        HelpName = "FILE.json",
        Description = "Write here what was done to every track, frame and stream.",
    };

    private readonly Option<string> _faces = new("--faces")
    {
        HelpName = "FILE.jsonl",
        Description = "Write here where each face of each frame was, and how it was covered.",
    };

    private readonly ModelPathOptions _models = new();

    private readonly Option<string> _key = new("--key")
    {
        HelpName = "FILE",
        Description = "Draw synthetic identities with this secret (16 bytes or more): the same people become the same "
            + "faces again. By default each run draws a fresh one and forgets it.",
    };

    private readonly Option<double?> _duration = new("--duration")
    {
        HelpName = "SECONDS",
        Description = "End a live stream after so long; by default it runs until it is told to end (Ctrl-C).",
    };

    private readonly Option<string> _sourceCredentials = new(LiveEnds.SourceOption)
    {
        HelpName = "FILE",
        Description = $"Read user:password of the source from this file; without it from {LiveEnds.SourceVariable} or the address.",
    };

    private readonly Option<string> _outputCredentials = new(LiveEnds.OutputOption)
    {
        HelpName = "FILE",
        Description = $"The same for the output; without it from {LiveEnds.OutputVariable} or the address.",
    };

    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace files that exist." };

    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print nothing but errors." };

    private readonly IReadOnlyList<(Option<string> Option, string Path)> _overrides =
    [
        Override("--method", "synthetic|mosaic|blur|solid", "What a covered face looks like.", "redact.method"),
        Override(
            "--privacy",
            "strong|natural",
            "What synthetic faces leave of the head: strong makes it coarse (the default), natural keeps hair and outline.",
            "redact.privacy"),
        Override(
            "--audio",
            "drop|copy",
            "Leave the sound out (the default: voices identify people) or copy it.",
            "media.audio"),
        Override("--video-codec", "NAME", "ffmpeg's name of the video encoder.", "media.videoCodec"),
        Override("--preset", "NAME", "The encoder's preset; \"\" for its own default.", "media.preset"),
        Override(
            "--crf",
            "NUMBER",
            "The encoder's quality: lower is better and larger; -1 for its own default.",
            "media.crf"),
    ];

    private readonly CommandContext _context;

    private RunCommand(CommandContext context) => _context = context;

    public static Command Create(CommandContext context)
    {
        var run = new RunCommand(context);
        var command = new NotedCommand(
            "run",
            "Anonymise the faces in a recording or a live stream.",
            """
            Options win over the configuration file, and the file over the defaults.
            Progress, summary and errors go to stderr; stdout stays empty.

            Live sources: rtsp://, rtmp://, srt://, http(s):// (HLS or MPEG-TS), udp:// and tcp:// (MPEG-TS). Lost connections
            are made again, and the output carries a slate meanwhile. Defaults are those of faceanon settings --live.

            Examples:
              faceanon run street.mp4 street.anon.mp4
              faceanon run street.mp4 street.anon.mp4 --privacy natural --report street.json --faces street.jsonl
              faceanon run street.mp4 street.anon.mp4 --key house.key --audio copy
              faceanon run street.mp4 street.anon.mp4 --method solid
              faceanon run street.mp4 street.anon.mkv --config house.yaml --video-codec libx265 --crf 24
              faceanon run rtsp://camera/stream rtsp://server/anonymised --source-credentials camera.txt
              faceanon run rtsp://camera/stream recordings/ --duration 3600
            """)
        {
            run._input, run._output, run._config, run._report, run._faces, run._key, run._duration,
            run._sourceCredentials, run._outputCredentials, run._overwrite, run._quiet,
        };
        run._models.AddTo(command);
        foreach (var (option, _) in run._overrides)
        {
            command.Options.Add(option);
        }

        command.SetAction(run.InvokeAsync);
        return command;
    }

    private static (Option<string> Option, string Path) Override(
        string name, string helpName, string description, string settingPath) =>
        (new Option<string>(name) { HelpName = helpName, Description = description }, settingPath);

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken ct)
    {
        var live = LiveEnds.IsLive(parsed.GetRequiredValue(_input), parsed.GetRequiredValue(_output));
        var settings = ReadSettings(parsed, live);
        if (settings.Options is null)
        {
            return Refuse(settings.Errors, ExitCode.Usage);
        }

        return live
            ? await StreamAsync(parsed, settings.Options, ct)
            : await RunAsync(parsed, settings.Options, ct);
    }

    private async Task<int> RunAsync(ParseResult parsed, FaceAnonOptions options, CancellationToken ct)
    {
        Option[] liveOnly = [_duration, _sourceCredentials, _outputCredentials];
        if (liveOnly.Where(option => parsed.GetResult(option) is not null).ToList() is { Count: > 0 } misplaced)
        {
            return Refuse(misplaced.Select(option => $"{option.Name}: only live streams have this"), ExitCode.Usage);
        }

        var request = new RunRequest(
            parsed.GetRequiredValue(_input),
            parsed.GetRequiredValue(_output),
            parsed.GetValue(_overwrite),
            _models.Read(parsed),
            parsed.GetValue(_faces),
            parsed.GetValue(_key),
            options);
        var reportPath = parsed.GetValue(_report);
        if (RunRequestChecks.Check(request, reportPath) is { Count: > 0 } obstacles)
        {
            return Refuse(obstacles);
        }

        var quiet = parsed.GetValue(_quiet);

        // On the pool, so that loading models does not hold up the display.
        var report = await ProgressDisplay.ShowAsync(
            _context, quiet, progress => Task.Run(() => _context.CreateEngine().RunAsync(request, progress, ct), ct));
        if (reportPath is not null)
        {
            ReportFile.Write(reportPath, report, request.Options);
        }

        if (!quiet)
        {
            foreach (var line in RunSummary.Lines(report, request.Options, reportPath))
            {
                _context.Error.WriteLine(OneLine.Clean(line));
            }
        }

        return ExitCode.Done;
    }

    private async Task<int> StreamAsync(ParseResult parsed, FaceAnonOptions options, CancellationToken ending)
    {
        var output = parsed.GetRequiredValue(_output);
        var overwrite = parsed.GetValue(_overwrite);
        var stream = new StreamConfiguration
        {
            Name = "run",
            Source = LiveEnds.Source(parsed.GetRequiredValue(_input), parsed.GetValue(_sourceCredentials), _context.Variable),
            Output = LiveEnds.Output(output, parsed.GetValue(_outputCredentials), _context.Variable, overwrite, options),
            Overwrite = overwrite,
            Options = options,
        };
        var request = new LiveRequest(
            stream,
            _models.Read(parsed),
            parsed.GetValue(_key),
            parsed.GetValue(_faces),
            parsed.GetValue(_duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        var reportPath = parsed.GetValue(_report);
        if (RunRequestChecks.Check(request, reportPath, overwrite) is { Count: > 0 } obstacles)
        {
            return Refuse(obstacles);
        }

        return await LiveRun.RunAsync(_context, request, reportPath, parsed.GetValue(_quiet), ending);
    }

    private OptionsResult ReadSettings(ParseResult parsed, bool live)
    {
        var defaults = live ? FaceAnonOptions.LiveDefaults : new FaceAnonOptions();
        var file = parsed.GetValue(_config) is { } path
            ? ConfigurationFile.Read(path, defaults)
            : OptionsResult.Success(defaults);
        var errors = file.Errors.ToList();
        var names = new Dictionary<Setting, string>();
        var values = new Dictionary<Setting, object>();
        foreach (var (option, settingPath) in _overrides)
        {
            if (parsed.GetValue(option) is { } text)
            {
                var setting = SettingCatalog.Find(settingPath);
                if (setting.Parse(text, out var value) is { } error)
                {
                    errors.Add($"{option.Name}: {error}");
                    continue;
                }

                names.Add(setting, option.Name);
                values.Add(setting, value);
            }
        }

        var options = SettingCatalog.With(file.Options ?? defaults, values);
        errors.AddRange(options.Validate(setting => names.GetValueOrDefault(setting, setting.Path)));
        if (live)
        {
            errors.AddRange(LiveChecks.Check(options));
        }

        return errors.Count > 0 ? OptionsResult.Failed(errors) : OptionsResult.Success(options);
    }

    private int Refuse(IReadOnlyList<RunObstacle> obstacles) => Refuse(
        obstacles.Select(obstacle => obstacle.Message), obstacles.Max(obstacle => ExitCode.For(obstacle.Origin)));

    private int Refuse(IEnumerable<string> errors, int exitCode)
    {
        foreach (var error in errors)
        {
            _context.WriteError(error);
        }

        return exitCode;
    }
}
