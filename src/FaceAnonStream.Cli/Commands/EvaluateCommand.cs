using System.CommandLine;
using FaceAnonStream.Cli.Progress;
using FaceAnonStream.Cli.Reporting;
using FaceAnonStream.Evaluation.Reporting;
using FaceAnonStream.Jobs;

namespace FaceAnonStream.Cli.Commands;

/// <summary><c>faceanon evaluate</c>: measures how well recordings were anonymised.</summary>
internal sealed class EvaluateCommand
{
    private readonly Argument<string> _original = new("ORIGINAL") { Description = "The recording, or a folder of recordings." };

    private readonly Argument<string> _anonymised = new("ANONYMISED")
    {
        Description = "Its anonymised version, or a folder that has them under the same names.",
    };

    private readonly Option<string[]> _recognizers = new("--recognizer")
    {
        HelpName = "FILE.onnx",
        Description = "Try to recognise people with this network; may be given several times. The first one also tells which tracks show one person.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _faces = new("--faces")
    {
        HelpName = "PATH",
        Description = "What faceanon run --faces wrote for the anonymised version; for folders, a folder with a.mp4.jsonl for a.mp4. "
            + "Tells how each face was covered, and measures replaced faces by themselves.",
    };

    private readonly Option<string> _landmarks = Model("--landmarks", "Follow faces with this landmark net instead of the embedded one.");

    private readonly Option<string> _detector = Model("--detector", "Find faces with this detector; see faceanon models.");

    private readonly Option<string> _json = new("--json") { HelpName = "FILE.json", Description = "Write everything that was measured here." };

    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace a JSON file that exists." };

    private readonly Option<bool> _quiet = new("--quiet") { Description = "Show no progress." };

    private readonly CommandContext _context;

    private EvaluateCommand(CommandContext context) => _context = context;

    public static Command Create(CommandContext context)
    {
        var evaluate = new EvaluateCommand(context);
        var command = new NotedCommand(
            "evaluate",
            "Measure how well recordings were anonymised.",
            """
            Pairs the frames of both versions by their order. What is told, in the order of the tables:
              MATCH   share of pairs (original, anonymised) of one person, in different frames, above the cosine
                      that 1 % of such pairs of different people exceed; with a 95 % bootstrap interval over people
              RANK-1  how often the nearest of all people is the right one; CHANCE is what guessing gives
              COSINE  mean of the pairs of one person; AUC: how often such a pair beats one of different people
              BARE    faces whose original is still to be seen; FOUND: faces that the detector finds again
              MOVED   mean distance of landmarks from where they were, in longer sides of the face box
              JITTER  shaking of the landmarks, relative to the original; STEADY: cosine to the next frame
            Rows named replaced (with --faces) are of the faces that became synthetic ones alone.
            Progress goes to stderr.

            Examples:
              faceanon evaluate street.mp4 street.anon.mp4
              faceanon evaluate originals/ anonymised/ --recognizer arcface.onnx other.onnx --json measured.json
              faceanon evaluate street.mp4 street.anon.mp4 --faces street.jsonl --landmarks facemesh.onnx
            """)
        {
            evaluate._original, evaluate._anonymised, evaluate._recognizers, evaluate._faces, evaluate._landmarks, evaluate._detector,
            evaluate._json, evaluate._overwrite, evaluate._quiet,
        };
        command.SetAction(evaluate.InvokeAsync);
        return command;
    }

    private static Option<string> Model(string name, string description) => new(name) { HelpName = "FILE.onnx", Description = description };

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken ct)
    {
        var paths = EvaluationPaths.Find(parsed.GetRequiredValue(_original), parsed.GetRequiredValue(_anonymised), parsed.GetValue(_faces));
        var request = new EvaluationRequest(
            paths.Clips, parsed.GetValue(_recognizers) ?? [], parsed.GetValue(_landmarks), parsed.GetValue(_detector));
        var json = parsed.GetValue(_json);
        RunObstacle?[] others =
        [
            .. request.Recognizers.Append(request.LandmarksPath).Append(request.DetectorPath).OfType<string>().Select(RunRequestChecks.CheckInput),
            json is not null ? RunRequestChecks.CheckOutput(json, parsed.GetValue(_overwrite), "--overwrite") : null,
        ];
        List<RunObstacle> obstacles = [.. paths.Obstacles, .. others.OfType<RunObstacle>()];
        if (obstacles.Count > 0)
        {
            obstacles.ForEach(obstacle => _context.WriteError(obstacle.Message));
            return obstacles.Max(obstacle => ExitCode.For(obstacle.Origin));
        }

        foreach (var path in paths.Unpaired)
        {
            _context.WriteError($"{path}: has no counterpart of the same name; left out");
        }

        var report = await EvaluateAsync(request, parsed.GetValue(_quiet), ct);
        if (json is not null)
        {
            EvaluationFile.Write(json, report);
        }

        EvaluationTables.Write(_context.Out, report);
        return ExitCode.Done;
    }

    // On the pool, so that loading models does not hold up the display.
    private Task<EvaluationReport> EvaluateAsync(EvaluationRequest request, bool quiet, CancellationToken ct) => ProgressDisplay.ShowAsync(
        _context, quiet, progress => Task.Run(() => _context.CreateEngine().EvaluateAsync(request, progress, ct), ct));
}
