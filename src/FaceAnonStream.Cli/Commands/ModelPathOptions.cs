using System.CommandLine;
using System.CommandLine.Parsing;

using FaceAnonStream.Hosting;
namespace FaceAnonStream.Cli.Commands;

/// <summary>The options that name models by path.</summary>
internal sealed class ModelPathOptions
{
    private readonly Option<string> _detector = Option("--detector", "This face detector with YuNet's inputs and outputs.");
    private readonly Option<string> _landmarks = Option("--landmarks", "This landmark net: its manifest, or its ONNX file with the manifest beside it.");
    private readonly Option<string> _generator = Option("--generator", "This face generator: its manifest, or its ONNX file with the manifest beside it.");

    public void AddTo(Command command)
    {
        command.Options.Add(_detector);
        command.Options.Add(_landmarks);
        command.Options.Add(_generator);
    }

    public ModelPaths Read(ParseResult parsed) =>
        new(parsed.GetValue(_detector), parsed.GetValue(_landmarks), parsed.GetValue(_generator));

    private static Option<string> Option(string name, string description) =>
        new(name) { HelpName = "FILE", Description = description };
}
