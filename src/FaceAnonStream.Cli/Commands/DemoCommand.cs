using System.CommandLine;
using System.Globalization;
using FaceAnonStream.Cli.Progress;
using FaceAnonStream.Cli.Reporting;
using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Jobs;

namespace FaceAnonStream.Cli.Commands;

/// <summary><c>faceanon demo</c>: makes a clip of people who do not exist, and anonymises it.</summary>
internal sealed class DemoCommand
{
    private const string VideoName = "demo.mp4";
    private const string TruthName = "demo.truth.json";
    private const string OutputName = "demo.anonymised.mp4";

    private readonly Argument<string> _folder = new("FOLDER")
    {
        Description = "Where to put the files; it is made if it does not exist. By default the current folder.",
        DefaultValueFactory = _ => ".",
    };

    private readonly Option<string> _size = Text("--size", "WIDTHxHEIGHT", "Size of the picture, e.g. 1280x720 (the default).");

    private readonly Option<string> _fps = Text("--fps", "RATE", "Frames per second, e.g. 25 (the default), 29.97 or 30000/1001.");

    private readonly Option<string> _duration = Text("--duration", "SECONDS", "Length of the clip; by default 10.");

    private readonly Option<string> _people = Text("--people", "NUMBER", "How many people; by default 4.");

    private readonly Option<string> _seed = Text("--seed", "NUMBER", "Another number makes another scene; by default 1.");

    private readonly Option<string> _method = Text("--method", "synthetic|mosaic|blur|solid", "What a covered face looks like.");

    private readonly Option<string> _detector = Text("--detector", "FILE.onnx", "Use this face detector; see faceanon models.");

    private readonly Option<string> _generator = Text("--generator", "FILE.json", "Draw the faces with this generator (its manifest); see faceanon models.");

    private readonly Option<bool> _force = new("--force") { Description = "Replace files that exist." };

    private readonly Option<bool> _quiet = new("--quiet") { Description = "Show no progress." };

    private readonly CommandContext _context;

    private DemoCommand(CommandContext context) => _context = context;

    public static Command Create(CommandContext context)
    {
        var demo = new DemoCommand(context);
        var command = new NotedCommand(
            "demo",
            "Make a clip of people who do not exist, and anonymise it.",
            $"""
            Makes three files in FOLDER: {VideoName}, a street scene with generated faces and a beep with a flash in
            every second; {TruthName}, which says where each face is in each frame; and {OutputName}, the same
            clip after faceanon run.

            Examples:
              faceanon demo
              faceanon demo /tmp/demo --size 1920x1080 --people 8 --seed 7 --method blur
            """)
        {
            demo._folder, demo._size, demo._fps, demo._duration, demo._people, demo._seed, demo._method, demo._detector,
            demo._generator, demo._force, demo._quiet,
        };
        command.SetAction(demo.InvokeAsync);
        return command;
    }

    private static Option<string> Text(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description };

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken ct)
    {
        var errors = new List<string>();
        var scene = ReadScene(parsed, errors);
        var options = ReadOptions(parsed, errors);
        if (errors.Count > 0)
        {
            return Refuse(errors, ExitCode.Usage);
        }

        var folder = parsed.GetRequiredValue(_folder);
        var force = parsed.GetValue(_force);
        var (video, truth, output) = (Path.Combine(folder, VideoName), Path.Combine(folder, TruthName), Path.Combine(folder, OutputName));
        MakeFolder(folder);
        string[] outputs = [video, truth, output];
        var obstacles = outputs.Select(path => RunRequestChecks.CheckOutput(path, force, "--force")).OfType<RunObstacle>().ToList();
        if (obstacles.Count > 0)
        {
            return Refuse(obstacles.Select(obstacle => obstacle.Message), obstacles.Max(obstacle => ExitCode.For(obstacle.Origin)));
        }

        var quiet = parsed.GetValue(_quiet);
        var composition = new SceneRequest(scene, video, truth, parsed.GetValue(_generator), options.Media);
        var facts = await ShowAsync(
            quiet, $"making {video}", progress => _context.CreateEngine().ComposeAsync(composition, progress, ct), ct);
        var run = new RunRequest(video, output, force, new ModelPaths(parsed.GetValue(_detector), null, null), null, null, options);
        var report = await ShowAsync(
            quiet, "anonymising it", progress => _context.CreateEngine().RunAsync(run, progress, ct), ct);
        foreach (var line in Summary(video, truth, output, facts, report))
        {
            _context.Out.WriteLine(OneLine.Clean(line));
        }

        return ExitCode.Done;
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(FaultOrigin.Sink, $"{folder}: cannot be made ({exception.Message})", exception);
        }
    }

    private static IEnumerable<string> Summary(string video, string truth, string output, SceneFacts facts, JobReport report)
    {
        yield return $"before: {video} (where every face is: {truth})";
        yield return $"after:  {output}";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{facts.People} people who do not exist, {facts.Frames} frames, {facts.Faces} faces to be seen in them; "
            + $"{report.Faces.Covered} covered by {RunSummary.NameOf(report.Method)}");
    }

    private async Task<T> ShowAsync<T>(bool quiet, string what, Func<IProgress<JobProgress>, Task<T>> job, CancellationToken ct)
    {
        if (!quiet)
        {
            _context.Error.WriteLine(OneLine.Clean($"{what} …"));
        }

        return await ProgressDisplay.ShowAsync(_context, quiet, progress => Task.Run(() => job(progress), ct));
    }

    private SceneOptions ReadScene(ParseResult parsed, List<string> errors)
    {
        var scene = new SceneOptions();
        Read<(int Width, int Height)>(_size, SceneText.TrySize, size => scene = scene with { Width = size.Width, Height = size.Height });
        Read<Rational>(_fps, SceneText.TryFrameRate, rate => scene = scene with { FrameRate = rate });
        Read<double>(_duration, SceneText.TryDuration, seconds => scene = scene with { DurationSeconds = seconds });
        Read<int>(_people, SceneText.TryPeople, people => scene = scene with { People = people });
        Read<ulong>(_seed, SceneText.TrySeed, seed => scene = scene with { Seed = seed });
        return scene;

        void Read<T>(Option<string> option, SceneText.Reader<T> reader, Action<T> use)
        {
            if (parsed.GetValue(option) is not { } text)
            {
                return;
            }

            if (reader(text, out var value) is { } allowed)
            {
                errors.Add($"{option.Name}: {OneLine.Excerpt(text)}; allowed {allowed}");
            }
            else
            {
                use(value);
            }
        }
    }

    private FaceAnonOptions ReadOptions(ParseResult parsed, List<string> errors)
    {
        var options = new FaceAnonOptions();
        if (parsed.GetValue(_method) is not { } text)
        {
            return options;
        }

        var setting = SettingCatalog.Find("redact.method");
        if (setting.Parse(text, out var value) is { } error)
        {
            errors.Add($"{_method.Name}: {error}");
            return options;
        }

        return SettingCatalog.With(options, new Dictionary<Setting, object> { [setting] = value });
    }

    private int Refuse(IEnumerable<string> errors, int exitCode)
    {
        foreach (var error in errors)
        {
            _context.WriteError(error);
        }

        return exitCode;
    }
}
