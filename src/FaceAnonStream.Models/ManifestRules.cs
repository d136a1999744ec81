using System.Globalization;
using System.Text.RegularExpressions;

namespace FaceAnonStream.Models;

/// <summary>What must hold of a manifest beyond the types of its values.</summary>
internal static partial class ManifestRules
{
    private const int MeshPoints = 468;
    private const int KeyPoints = 5;

    /// <summary>Every rule that is broken, as <c>path: got; allowed</c>.</summary>
    public static IReadOnlyList<string> Check(ModelManifest manifest) =>
    [
        .. CheckText("name", manifest.Name, Name(), "letters, digits, dots, dashes and underscores"),
        .. CheckText("licence", manifest.Licence, Words(), "an SPDX expression"),
        .. CheckText("card", manifest.Card, Name(), "a file name without folders"),
        .. CheckFiles(manifest.Files),
        .. CheckTensors("inputs", manifest.Inputs, manifest),
        .. CheckTensors("outputs", manifest.Outputs, manifest),
        .. manifest switch
        {
            DetectionManifest detection => CheckTemplate(detection),
            LandmarkManifest landmarks => CheckTemplate(landmarks),
            GenerationManifest generation => CheckTemplate(generation),
            _ => [],
        },
    ];

    private static IEnumerable<string> CheckFiles(IReadOnlyList<ManifestFile> files)
    {
        for (var i = 0; i < files.Count; i++)
        {
            foreach (var problem in CheckText($"files[{i}].file", files[i].File, Name(), "a file name without folders")
                .Concat(CheckText($"files[{i}].sha256", files[i].Sha256, Sha256(), "64 lower-case hex digits")))
            {
                yield return problem;
            }
        }

        foreach (var twice in files.GroupBy(file => file.File).Where(group => group.Count() > 1))
        {
            yield return $"files: {twice.Key} twice; allowed once";
        }

        if (!files.Any(file => IsGraph(file.File)))
        {
            yield return "files: no ONNX file; allowed one or more";
        }
    }

    private static IEnumerable<string> CheckTensors(string path, IReadOnlyList<ModelTensor> tensors, ModelManifest manifest)
    {
        var graphs = manifest.Files.Select(file => file.File).Where(IsGraph).ToList();
        foreach (var problem in tensors.SelectMany((tensor, i) => CheckTensor($"{path}[{i}]", tensor, graphs)))
        {
            yield return problem;
        }

        foreach (var twice in tensors.GroupBy(tensor => (tensor.File, tensor.Name)).Where(group => group.Count() > 1))
        {
            yield return $"{path}: {twice.Key.Name} of {twice.Key.File} twice; allowed once";
        }

        foreach (var graph in graphs.Where(graph => tensors.All(tensor => tensor.File != graph)))
        {
            yield return $"{path}: nothing of {graph}; allowed one or more";
        }
    }

    private static IEnumerable<string> CheckTensor(string path, ModelTensor tensor, List<string> graphs)
    {
        if (!graphs.Contains(tensor.File))
        {
            yield return $"{path}.file: {tensor.File}; allowed the ONNX files of the manifest";
        }

        foreach (var problem in CheckChoice($"{path}.type", tensor.Type, "float32")
            .Concat(tensor.Colour is { } colour ? CheckChoice($"{path}.colour", colour, "BGR", "RGB", "Y") : []))
        {
            yield return problem;
        }

        if (tensor.Shape.Count == 0)
        {
            yield return $"{path}.shape: nothing; allowed one side or more";
        }

        if (tensor.Range is not (null or [_, _]) || (tensor.Range is [var low, var high] && low >= high))
        {
            yield return $"{path}.range: [{Join(tensor.Range)}]; allowed a smallest and a largest value";
        }
    }

    private static IEnumerable<string> CheckTemplate(DetectionManifest manifest) =>
    [
        .. CheckOneGraph(manifest),
        .. CheckChoice("template.layout", manifest.Template.Layout, "YuNet"),
        .. CheckAscending("template.strides", manifest.Template.Strides),
        .. CheckPositive("template.alignment", manifest.Template.Alignment),
        .. CheckPositive("template.score", manifest.Template.Score),
    ];

    private static IEnumerable<string> CheckTemplate(LandmarkManifest manifest) =>
    [
        .. CheckOneGraph(manifest),
        .. CheckPositive("template.factor", manifest.Template.Factor),
        .. CheckPositive("template.size", manifest.Template.Size),
        .. CheckPoints(manifest.Template.Points),
    ];

    private static IEnumerable<string> CheckTemplate(GenerationManifest manifest)
    {
        var template = manifest.Template;
        foreach (var problem in CheckPositive("template.margin", template.Margin)
            .Concat(CheckAscending("template.sizes", template.Sizes))
            .Concat(CheckPoints(template.Points)))
        {
            yield return problem;
        }

        foreach (var problem in CheckChoice("template.contract", template.Contract ?? GenerationContract.Surrogate, [.. GenerationContract.All])
            .Concat(CheckIdentities(manifest, template))
            .Concat(CheckAlignment(template)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> CheckIdentities(GenerationManifest manifest, GenerationTemplate template)
    {
        if (template.Contract == GenerationContract.Inpainting)
        {
            if (template.Gallery is not null || template.Latent.Count > 0)
            {
                yield return $"template.latent: given; allowed none for {GenerationContract.Inpainting}";
            }

            yield break;
        }

        if (manifest.Files.All(file => file.File != template.Gallery))
        {
            yield return $"template.gallery: {template.Gallery ?? "nothing"}; allowed a file of the manifest";
        }

        if (template.Latent.Count == 0)
        {
            yield return "template.latent: nothing; allowed one part or more";
        }
    }

    private static IEnumerable<string> CheckAlignment(GenerationTemplate template)
    {
        if (template is { FivePoints: null, Alignment: null })
        {
            yield break;
        }

        if (template.FivePoints is not { Count: KeyPoints } points
            || !points.All(point => point.Count > 0 && point.All(index => template.Points.Contains(index))))
        {
            yield return "template.fivePoints: something else; allowed five lists of indices that template.points has";
        }

        if (template.Alignment is not { Count: KeyPoints } places || !places.All(place => place is [>= 0 and <= 1, >= 0 and <= 1]))
        {
            yield return "template.alignment: something else; allowed five places, each x and y from 0 to 1";
        }
        else if (places.Select(place => (place[0], place[1])).Distinct().Count() < KeyPoints)
        {
            yield return "template.alignment: a place twice; allowed five places";
        }
    }

    private static IEnumerable<string> CheckOneGraph(ModelManifest manifest)
    {
        var count = manifest.Files.Count(file => IsGraph(file.File));
        if (count > 1)
        {
            yield return $"files: {count} ONNX files; allowed one for {manifest.Task.Key()}";
        }
    }

    private static IEnumerable<string> CheckPoints(IReadOnlyList<int> points)
    {
        if (points.Count == 0 || points.Distinct().Count() < points.Count || points.Any(point => point is < 0 or >= MeshPoints))
        {
            yield return $"template.points: {points.Count} indices; allowed one or more, distinct, from 0 to {MeshPoints - 1}";
        }
    }

    private static IEnumerable<string> CheckAscending(string path, IReadOnlyList<int> values)
    {
        if (values.Count == 0 || values[0] < 1 || values.Zip(values.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            yield return $"{path}: [{Join(values)}]; allowed ascending whole numbers from 1";
        }
    }

    private static IEnumerable<string> CheckPositive(string path, double value)
    {
        if (!(value > 0))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{path}: {value}; allowed more than 0");
        }
    }

    private static IEnumerable<string> CheckChoice(string path, string value, params string[] allowed)
    {
        if (!allowed.Contains(value))
        {
            yield return $"{path}: {value}; allowed {string.Join(", ", allowed)}";
        }
    }

    private static IEnumerable<string> CheckText(string path, string text, Regex allowed, string meaning)
    {
        if (!allowed.IsMatch(text))
        {
            yield return $"{path}: {(text.Length == 0 ? "nothing" : text)}; allowed {meaning}";
        }
    }

    private static bool IsGraph(string file) => file.EndsWith(".onnx", StringComparison.Ordinal);

    private static string Join<T>(IReadOnlyList<T>? values) => string.Join(
        ", ", (values ?? []).Select(value => string.Create(CultureInfo.InvariantCulture, $"{value}")));

    [GeneratedRegex(@"\A[A-Za-z0-9_-][A-Za-z0-9._-]*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z0-9.+() -]+\z")]
    private static partial Regex Words();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();
}
