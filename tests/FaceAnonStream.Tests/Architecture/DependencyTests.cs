using System.Reflection;
using System.Xml.Linq;
using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Flow;
using FaceAnonStream.Frames;
using FaceAnonStream.Muxing;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Architecture;

/// <summary>What the design promises about who knows whom.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["FaceAnonStream.Kernels"] = [],
        ["FaceAnonStream"] = ["FaceAnonStream.Kernels"],
        ["FaceAnonStream.Media"] = ["FaceAnonStream", "FaceAnonStream.Kernels"],
        ["FaceAnonStream.Models"] = [],
        ["FaceAnonStream.Inference"] = ["FaceAnonStream", "FaceAnonStream.Kernels", "FaceAnonStream.Models"],
        ["FaceAnonStream.Hosting"] =
            ["FaceAnonStream", "FaceAnonStream.Kernels", "FaceAnonStream.Models", "FaceAnonStream.Media", "FaceAnonStream.Inference"],
        ["FaceAnonStream.Service"] =
        [
            "FaceAnonStream", "FaceAnonStream.Kernels", "FaceAnonStream.Models", "FaceAnonStream.Media", "FaceAnonStream.Inference",
            "FaceAnonStream.Hosting",
        ],
        ["FaceAnonStream.Evaluation"] = ["FaceAnonStream", "FaceAnonStream.Kernels", "FaceAnonStream.Models", "FaceAnonStream.Inference"],
        ["faceanon"] =
        [
            "FaceAnonStream", "FaceAnonStream.Kernels", "FaceAnonStream.Models", "FaceAnonStream.Media", "FaceAnonStream.Inference",
            "FaceAnonStream.Evaluation", "FaceAnonStream.Hosting", "FaceAnonStream.Service",
        ],
    };

    public static TheoryData<string> Assemblies => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Assembly_References_PointOneWay(string name)
    {
        var references = Assembly.Load(name).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(reference => reference.StartsWith("FaceAnonStream", StringComparison.Ordinal));
        references.Except(Allowed[name]).ShouldBeEmpty();
    }

    [Fact]
    public void Source_Projects_AreAllCovered()
    {
        var projects = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => XDocument.Load(path).Descendants("AssemblyName").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(path));
        projects.ShouldBe(Allowed.Keys, ignoreOrder: true);
    }

    [Fact]
    public void CoreKernelsModelsAndEvaluation_HaveNoUnsafeCode()
    {
        foreach (var project in (string[])["FaceAnonStream", "FaceAnonStream.Kernels", "FaceAnonStream.Models", "FaceAnonStream.Evaluation"])
        {
            var path = Path.Combine(Repository.Root, "src", project, project + ".csproj");
            XDocument.Load(path).Descendants("AllowUnsafeBlocks").ShouldBeEmpty();
            SourceOf(project).ShouldNotContain("DllImport");
        }
    }

    [Fact]
    public void AnonymizedFrame_CanOnlyBeMadeByAnonymising()
    {
        typeof(AnonymizedFrame).GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .ShouldAllBe(constructor => constructor.IsPrivate);
        var makers = typeof(AnonymizedFrame).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(method => method.ReturnType == typeof(AnonymizedFrame))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}");
        makers.ShouldBe(["AnonymizedFrame.From"]);
    }

    [Fact]
    public void Sinks_TakeAnonymisedFramesOnly()
    {
        typeof(IStage<AnonymizedFrame, FrameReceipt>).IsAssignableFrom(typeof(MuxStage)).ShouldBeTrue();
        typeof(IVideoSink).GetMethods().SelectMany(method => method.GetParameters()).Select(parameter => parameter.ParameterType)
            .ShouldBe([typeof(AnonymizedFrame), typeof(CancellationToken), typeof(CancellationToken)], ignoreOrder: true);
    }

    /// <summary>The one writer of pictures that did not pass the gate can only be given a scene, in which nobody is real.</summary>
    [Fact]
    public void SceneEncoder_TakesScenesOnly()
    {
        var parameters = typeof(SceneEncoder).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .SelectMany(method => method.GetParameters()).Select(parameter => parameter.ParameterType);
        parameters.ShouldBe(
            [typeof(SceneScript), typeof(SceneSource), typeof(string), typeof(Action<long>), typeof(CancellationToken)], ignoreOrder: true);
        typeof(SceneSource).IsSealed.ShouldBeTrue();
        typeof(SceneSource).GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .ShouldAllBe(constructor => constructor.IsPrivate);
        typeof(SceneSource).GetMethod(nameof(SceneSource.Open))!.GetParameters().Select(parameter => parameter.ParameterType)
            .ShouldBe([typeof(SceneScript), typeof(SceneModel), typeof(FramePool), typeof(TimeProvider)]);
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Types_AreNamedForWhatTheyAre(string name) =>
        Assembly.Load(name).GetTypes().Select(type => type.Name)
            .Where(type => !type.Contains('<', StringComparison.Ordinal))
            .Where(type => type.EndsWith("Manager", StringComparison.Ordinal)
                || type.EndsWith("Helper", StringComparison.Ordinal)
                || type.EndsWith("Utils", StringComparison.Ordinal))
            .ShouldBeEmpty();

    private static string SourceOf(string project) => string.Concat(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText));
}
