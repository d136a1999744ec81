using FaceAnonStream.Tests.Kit;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace FaceAnonStream.Tests.Docker;

/// <summary>What <c>docker/</c> holds.</summary>
internal static class DockerFolder
{
    public static string File(string name) => Path.Combine(Repository.Root, "docker", name);

    public static string Read(string name) => System.IO.File.ReadAllText(File(name));

    /// <summary>A YAML file with its merges carried out.</summary>
    public static Dictionary<object, object> Yaml(string name)
    {
        using var reader = new StringReader(Read(name));
        return new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(reader)));
    }
}
