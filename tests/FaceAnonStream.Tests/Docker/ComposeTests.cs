using System.Globalization;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Docker;

/// <summary>What must hold of the demo set-up, whoever edits it.</summary>
public sealed partial class ComposeTests
{
    /// <summary>Each has some 40 threads on 4 cores, and more on more cores.</summary>
    private const int StreamsOfALargeMachine = 200;

    private static readonly Dictionary<object, object> Compose = DockerFolder.Yaml("compose.yaml");

    private static Dictionary<object, object> Services => (Dictionary<object, object>)Compose["services"];

    public static TheoryData<string> Names => [.. Services.Keys.Cast<string>()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Service_IsHardened(string name)
    {
        var service = Service(name);
        service["read_only"].ShouldBe("true");
        List(service, "cap_drop").ShouldBe(["ALL"]);
        List(service, "security_opt").ShouldContain("no-new-privileges:true");
        service.Keys.ShouldContain("mem_limit");
        int.Parse((string)service["pids_limit"], CultureInfo.InvariantCulture).ShouldBeInRange(StreamsOfALargeMachine * 64, 1 << 15);
        service.Keys.ShouldContain("healthcheck");
        ((Dictionary<object, object>)service["ulimits"])["core"].ShouldBe("1");
        service.Keys.ShouldNotContain("privileged");
        service.Keys.ShouldNotContain("network_mode");
        List(service, "volumes").Where(volume => volume.StartsWith('.') || volume.StartsWith('/')).ShouldAllBe(volume => volume.EndsWith(":ro"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Service_Ports_AreOfThisMachineOnly(string name) =>
        List(Service(name), "ports").ShouldAllBe(port => port.StartsWith("127.0.0.1:"));

    [Theory]
    [MemberData(nameof(Names))]
    public void Service_Image_HasAPinnedTag(string name) =>
        ((string)Service(name)["image"]).ShouldMatch(@"^[a-z0-9./-]+:v?\d+\.\d+\.\d+[a-z0-9.-]*$");

    [Theory]
    [MemberData(nameof(Names))]
    public void Service_Secrets_ComeFromFiles(string name)
    {
        var service = Service(name);
        foreach (var (key, value) in service.TryGetValue("environment", out var environment) ? (Dictionary<object, object>)environment : [])
        {
            if (Secret().IsMatch((string)key))
            {
                ((string)key).ShouldEndWith("__FILE");
                ((string)value).ShouldStartWith("/run/secrets/");
            }
        }

        List(service, "secrets").Except(((Dictionary<object, object>)Compose["secrets"]).Keys.Cast<string>()).ShouldBeEmpty();
    }

    /// <summary>The camera's own pictures are known to the media server alone, and nobody but the service can ask it.</summary>
    [Fact]
    public void OriginalPictures_CannotBeReached()
    {
        var networks = (Dictionary<object, object>)Compose["networks"];
        foreach (var inner in (string[])["video", "metrics"])
        {
            ((Dictionary<object, object>)networks[inner])["internal"].ShouldBe("true");
        }

        foreach (var name in (string[])["media", "camera"])
        {
            List(Service(name), "networks").ShouldBe(["video"]);
            List(Service(name), "ports").ShouldBeEmpty();
        }

        Names.Select(row => row.Data).Where(name => List(Service(name), "networks").Contains("video"))
            .ShouldBe(["media", "camera", "faceanon"], ignoreOrder: true);
    }

    [Fact]
    public void Unit_HasAsManyTasksAsTheContainer() =>
        DockerFolder.Read("faceanon.service").Split('\n').ShouldContain($"TasksMax={Service("faceanon")["pids_limit"]}");

    [Fact]
    public void Unit_LeavesNoMemoryOnDisk() => DockerFolder.Read("faceanon.service").Split('\n').ShouldContain("LimitCORE=1");

    [Theory]
    [InlineData("Wants=")]
    [InlineData("After=")]
    public void Unit_StartsWhenTheClockIsSet(string key) =>
        DockerFolder.Read("faceanon.service").Split('\n').Single(line => line.StartsWith(key, StringComparison.Ordinal)).ShouldContain("time-sync.target");

    [Fact]
    public void Files_HoldNoSecret()
    {
        foreach (var file in (string[])["compose.yaml", "faceanon.yaml", "prometheus.yml"])
        {
            DockerFolder.Read(file).ShouldNotMatch(@"(?i)(password|token|secret)[a-z_]* *[:=] *[""']?(?!\s|\{|\./|/run/secrets/)[^\s""'\[{]");
            DockerFolder.Read(file).ShouldNotMatch("://[^/\\s]*:[^/\\s]*@");
        }

        File.ReadAllLines(DockerFolder.File(".gitignore")).ShouldContain("secrets/");
    }

    [Theory]
    [InlineData("Dockerfile")]
    [InlineData("Dockerfile.cuda")]
    public void Image_RunsAsNobodyInParticularAndSaysHowItIs(string file)
    {
        var text = DockerFolder.Read(file);
        text.ShouldMatch(@"(?m)^USER [1-9]\d+:[1-9]\d+$");
        text.ShouldMatch(@"(?m)^HEALTHCHECK .*/healthz");
        text.ShouldMatch(@"(?m)^CMD \[""serve""");
        From().Matches(text).Select(match => match.Groups[1].Value).ShouldAllBe(image => image.Contains(':') && !image.EndsWith(":latest"));
        Install().Count(text).ShouldBe(AptLists().Count(text));
    }

    private static Dictionary<object, object> Service(string name) => (Dictionary<object, object>)Services[name];

    private static IReadOnlyList<string> List(Dictionary<object, object> service, string key) =>
        service.TryGetValue(key, out var list) ? [.. ((List<object>)list).Cast<string>()] : [];

    [GeneratedRegex("PASSWORD|TOKEN|SECRET|KEY")]
    private static partial Regex Secret();

    [GeneratedRegex(@"(?m)^FROM (\S+)")]
    private static partial Regex From();

    [GeneratedRegex("apt-get install -y --no-install-recommends")]
    private static partial Regex Install();

    [GeneratedRegex("rm -rf /var/lib/apt/lists")]
    private static partial Regex AptLists();
}
