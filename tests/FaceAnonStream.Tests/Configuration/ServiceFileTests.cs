using System.Text.RegularExpressions;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Live;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Configuration;

public sealed partial class ServiceFileTests : IDisposable
{
    private const string Door = "streams:\n- {name: door, source: 'rtsp://camera.test/1', output: 'rtsp://server.test/1'}\n";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("streams:\n")]
    [InlineData("streams: []\nservice:\n")]
    public void Read_NothingSet_GivesTheDefaultsOfLiveStreams(string yaml)
    {
        var configuration = Valid(yaml);

        configuration.Service.ShouldBe(new ServiceOptions());
        configuration.Service.Listen.ShouldBe("127.0.0.1:8088");
        configuration.Token.ShouldBeNull();
        configuration.Models.ShouldBe(new ModelOptions().Paths);
        configuration.IdentityKeyFile.ShouldBeNull();
        configuration.Options.ShouldBe(FaceAnonOptions.LiveDefaults);
        configuration.Streams.ShouldBeEmpty();
    }

    [Fact]
    public void Read_Shipped_IsTheDemo()
    {
        var result = ServiceFile.Read(Path.Combine(Repository.Root, "configs", "demo-live.yaml"), _ => null);

        result.Errors.ShouldBeEmpty();
        var camera = result.Configuration!.Streams.ShouldHaveSingleItem();
        camera.Source.Shown.ShouldBe("rtsp://127.0.0.1:8554/cam");
        camera.Output.Shown.ShouldBe("rtsp://127.0.0.1:8554/rec");
        camera.Options.ShouldBe(FaceAnonOptions.LiveDefaults);
        result.Configuration.Service.ShouldBe(new ServiceOptions());
    }

    /// <summary>What the shipped file shows in comments is read too.</summary>
    [Fact]
    public void Read_ShippedWithItsExamples_IsValid()
    {
        var text = CommentedSetting().Replace(File.ReadAllText(Path.Combine(Repository.Root, "configs", "demo-live.yaml")), "$1$2")
            .Replace("  listen: 127.0.0.1:8088\n", "", StringComparison.Ordinal);
        _environment["ENTRANCE_HOST"] = "10.0.0.9";
        var credentials = _folder.Write("entrance", "u:p4ssword"u8.ToArray());
        var token = _folder.Write("token", "0123456789abcdef\n"u8.ToArray());

        var configuration = Valid(text
            .Replace("/etc/faceanon/entrance.credentials", credentials, StringComparison.Ordinal)
            .Replace("/etc/faceanon/token", token, StringComparison.Ordinal));

        configuration.Service.Listen.ShouldBe("0.0.0.0:8088");
        configuration.Streams.Select(stream => stream.Name).ShouldBe(["camera", "entrance"]);
        configuration.Models.Generator.ShouldBe("models/generator.onnx");
        configuration.IdentityKeyFile.ShouldBe("/etc/faceanon/identity.key");
        configuration.Streams[1].Options.Live.WhenAway.ShouldBe(SourceAwayPolicy.End);
    }

    [Fact]
    public void Read_EverySection_IsBound()
    {
        _environment["CAMERA"] = "10.0.0.7";
        _environment["OUT"] = "pusher:s3cret!";
        var credentials = _folder.Write("credentials", "operator:hunter22\n"u8.ToArray());

        var configuration = Valid($$"""
            service: { listen: "[::1]:9000", requestsPerSecond: 5 }
            models: { detector: d.onnx }
            identityKeyFile: house.key
            redact: { method: blur }
            streams:
              - name: door
                source: rtsp://${CAMERA}/1
                sourceCredentialsFile: {{credentials}}
                output: rtsp://server.test/1
                outputCredentialsEnv: OUT
                enabled: false
                redact: { method: solid }
                live: { maxLatencyMs: 2000 }
              - name: gate
                source: http://camera.test/live.m3u8
                output: recordings/
            """);

        configuration.Service.Endpoint!.ToString().ShouldBe("[::1]:9000");
        configuration.Models.Detector.ShouldBe("d.onnx");
        configuration.IdentityKeyFile.ShouldBe("house.key");
        var door = configuration.Streams[0];
        door.Source.ShouldBe(Endpoint.Source("rtsp://operator:hunter22@10.0.0.7/1"));
        door.Output.ShouldBe(Endpoint.Sink("rtsp://server.test/1", "pusher:s3cret!"));
        door.Enabled.ShouldBeFalse();
        door.Options.Redact.Method.ShouldBe(RedactionMethod.Solid);
        door.Options.Live.MaxLatencyMs.ShouldBe(2000);
        var gate = configuration.Streams[1];
        gate.Enabled.ShouldBeTrue();
        gate.Output.Kind.ShouldBe(EndpointKind.Segments);
        gate.Options.ShouldBe(configuration.Options);
        gate.Options.Redact.Method.ShouldBe(RedactionMethod.Blur);
        configuration.ToString().ShouldNotContain("hunter22");
        configuration.ToString().ShouldNotContain("s3cret");
    }

    [Theory]
    [InlineData("stream: []", "1: stream: unknown key; allowed service, models, identityKeyFile, detect, track, align, identity, generate, redact, media, live, streams (did you mean streams?)")]
    [InlineData("streams: {}", "1: streams: a mapping; allowed a list of streams")]
    [InlineData("streams: door", "1: streams: a text; allowed a list of streams")]
    [InlineData("streams: [door]", "1: streams[0]: door; allowed a mapping with name, source and output")]
    [InlineData("streams: &a []", "1: streams: the anchor &a; allowed plain values without anchors, aliases and tags")]
    [InlineData(Door + "  sourc: x", "3: not YAML")]
    [InlineData("service: { listen: 8088 }", "1: service.listen: 8088; allowed an address and a port such as 127.0.0.1:8088 or [::1]:8088")]
    [InlineData("service: { listen: '127.0.0.1:99999' }", "1: service.listen: 127.0.0.1:99999; allowed an address and a port such as 127.0.0.1:8088")]
    [InlineData("service: { listen: '0.0.0.0:8088' }", "1: service.listen: 0.0.0.0:8088 can be reached from other machines, and there is no token; allowed a loopback address such as 127.0.0.1:8088, or service.tokenFile or service.tokenEnv with a token")]
    [InlineData("service: { tokenEnv: TOKEN }", "1: service.tokenEnv: not in the environment; allowed the name of a variable that is set")]
    [InlineData("service: { tokenEnv: SHORT }", "1: service.tokenEnv: not a token; allowed one line of 16 to 512 ASCII characters without blanks")]
    [InlineData("service: { tokenFile: /none }", "1: service.tokenFile: there is no such file; allowed a file with one line")]
    [InlineData("service: { tokenFile: / }", "1: service.tokenFile: the file cannot be read; allowed a file with one line")]
    [InlineData("service: { tokenFile: \"a\\0b\" }", "1: service.tokenFile: the file cannot be read; allowed a file with one line")]
    [InlineData("live: { maxLatencyMs: 699 }", "1: live.maxLatencyMs: 699; allowed 700 or more, for track.lookAheadMs 400 and align.lookAheadMs 0")]
    [InlineData("live:\n  retryMinMs: 3000", "2: live.retryMinMs: 3000; allowed live.retryMaxMs (2000) or less")]
    [InlineData(Door + "- {name: door, source: 'rtsp://camera.test/2', output: 'rtsp://server.test/2'}", "3: streams[1].name: door, which another stream has; allowed a name of its own")]
    [InlineData(Door + "- {name: gate, source: 'rtsp://camera.test/2', output: 'rtsp://server.test/1'}", "3: streams[1].output: the same as of door; allowed an output of its own")]
    public void Read_OneMistake_SaysWhereWhatAndWhatIsAllowed(string yaml, string message)
    {
        _environment["SHORT"] = "0123456789abcde";

        Read(yaml).Errors.ShouldHaveSingleItem().ShouldStartWith($"house.yaml:{message}");
    }

    [Theory]
    [InlineData("name: Door", "streams[0].name: Door; allowed 1 to 64 of a-z, 0-9, - and _, the first a letter or a digit")]
    [InlineData("name: -door", "streams[0].name: -door; allowed 1 to 64 of a-z, 0-9, - and _, the first a letter or a digit")]
    [InlineData("name: [a]", "streams[0].name: a list; allowed 1 to 64 of a-z, 0-9, - and _, the first a letter or a digit")]
    [InlineData("source: ${NONE}", "streams[0].source: the environment has no NONE; allowed a variable that is set")]
    [InlineData("source: /dev/video0", "streams[0].source: not an address; allowed rtsp://, rtsps://, rtmp://, rtmps://, srt://, udp://, tcp://, http://, https://")]
    [InlineData("source: 'file:///etc/passwd'", "streams[0].source: file://; allowed rtsp://, rtsps://, rtmp://, rtmps://, srt://, udp://, tcp://, http://, https://")]
    [InlineData("output: 'http://server.test/'", "streams[0].output: http://; allowed rtsp://, rtsps://, rtmp://, rtmps://, srt://, udp://, tcp://")]
    [InlineData("output: 'rtsp://camera.test/1'", "streams[0].output: the same as the source; allowed another address")]
    [InlineData("output:", "streams[0].output: nothing; allowed a text")]
    [InlineData("enabled: 1", "streams[0].enabled: 1; allowed true, false")]
    [InlineData("enabled: \"true\"", "streams[0].enabled: true; allowed true, false")]
    [InlineData("sourceCredentialsEnv: NONE", "streams[0].sourceCredentials: not in the environment; allowed the name of a variable that is set")]
    [InlineData("outputCredentialsEnv: NOCOLON", "streams[0].outputCredentials: not credentials; allowed one line user:password")]
    [InlineData("detect: {}", "streams[0].detect: unknown key; allowed name, source, output, sourceCredentialsFile, sourceCredentialsEnv, outputCredentialsFile, outputCredentialsEnv, enabled, track, align, identity, redact, media, live")]
    [InlineData("align: {threads: 2}", "streams[0].align.threads: unknown key; allowed")]
    [InlineData("redact: {cells: 9}", "streams[0].redact.cells: 9; allowed 1 to 8")]
    [InlineData("track: {lookAheadMs: 2000}", "streams[0].live.maxLatencyMs: 1000; allowed 2700 or more, for track.lookAheadMs 2000 and align.lookAheadMs 0")]
    public void Read_OneMistakeInAStream_SaysSo(string line, string message)
    {
        _environment["NOCOLON"] = "hunter22";
        var key = line.Split(':')[0];
        string[] lines = ["name: door", "source: rtsp://camera.test/1", "output: rtsp://server.test/1"];
        var yaml = "streams:\n-\n" + string.Join('\n', lines.Where(other => !other.StartsWith(key + ":", StringComparison.Ordinal)).Append(line).Select(text => "  " + text));

        var error = Read(yaml).Errors.ShouldHaveSingleItem();
        error.ShouldStartWith("house.yaml:");
        error[(error.IndexOf(": ", StringComparison.Ordinal) + 2)..].ShouldStartWith(message);
        error.ShouldNotContain("hunter22");
    }

    [Fact]
    public void Read_MissingKeys_AreAllReported() =>
        Read("streams:\n  - enabled: true\n").Errors.ShouldBe([
            "house.yaml:2: streams[0].name: missing; allowed 1 to 64 of a-z, 0-9, - and _, the first a letter or a digit",
            "house.yaml:2: streams[0].source: missing; allowed an address",
            "house.yaml:2: streams[0].output: missing; allowed an address",
        ]);

    [Theory]
    [InlineData("ftp://operator:hunter22@camera.test/")]
    [InlineData("operator:hunter22@camera.test")]
    [InlineData("rtsp://operator:hunter22@camera.test/a b")]
    [InlineData("rtsp://operator:hunter22@${NONE}/")]
    [InlineData("rtsp://operator:hunter22@:no-port/")]
    public void Read_SecretsInWrongAddresses_AreNotShown(string address)
    {
        foreach (var end in (string[])["source", "output"])
        {
            var errors = Read($"streams:\n- {{name: door, {end}: '{address}'}}").Errors;

            string.Join('\n', errors).ShouldNotContain("hunter22");
        }
    }

    /// <summary>What belongs into a file or a variable is easily written where its name belongs.</summary>
    [Theory]
    [InlineData("service: {tokenFile: 'SECRET'}")]
    [InlineData("service: {tokenEnv: 'SECRET'}")]
    [InlineData("streams:\n- {name: door, source: 'rtsp://a/1', output: 'rtsp://b/1', sourceCredentialsFile: 'SECRET'}")]
    [InlineData("streams:\n- {name: door, source: 'rtsp://a/1', output: 'rtsp://b/1', outputCredentialsEnv: 'SECRET'}")]
    public void Read_SecretInPlaceOfAName_IsNotShown(string yaml)
    {
        foreach (var secret in (string[])["operator:hunter22", "hunter22", "/hunter22/x+y==", "22-hunter22"])
        {
            var error = Read(yaml.Replace("SECRET", secret, StringComparison.Ordinal)).Errors.ShouldHaveSingleItem();

            error.ShouldNotContain("hunter22");
            error.ShouldContain(yaml.Contains("Env", StringComparison.Ordinal) ? "not in the environment" : "there is no such file");
        }
    }

    [Theory]
    [InlineData("rtsp://${HOST}/${KEY}/1", "rtsp://10.0.0.7/***/1")]
    [InlineData("rtsp://${HOST}:554/a${KEY}b${CHANNEL}?stream=1", "rtsp://10.0.0.7:554/a***b***?***")]
    [InlineData("rtsp://operator:${KEY}@${HOST}/1", "rtsp://***@10.0.0.7/1")]
    [InlineData("${URL}", "rtsp://***@10.0.0.7/***/***")]
    [InlineData("${URL}/${CHANNEL}", "rtsp://***@10.0.0.7/***/***/***")]
    public void Read_EnvironmentInAnAddress_IsShownAsHostOnly(string address, string shown)
    {
        _environment["HOST"] = "10.0.0.7";
        _environment["KEY"] = "hunter22";
        _environment["CHANNEL"] = "7";
        _environment["URL"] = "rtsp://operator:s3cret@10.0.0.7/hunter22/x";

        var source = Valid($"streams:\n- {{name: door, source: '{address}', output: 'rtsp://server.test/1'}}").Streams[0].Source;
        var output = Valid($"streams:\n- {{name: door, source: 'rtsp://camera.test/1', output: '{address}'}}").Streams[0].Output;

        source.Shown.ShouldBe(shown);
        output.Shown.ShouldBe(shown);
        source.Scrub("refused hunter22 by 10.0.0.7").ShouldBe("refused *** by 10.0.0.7");
    }

    [Theory]
    [InlineData("0.0.0.0:8088", false)]
    [InlineData("[::]:8088", false)]
    [InlineData("192.168.1.4:8088", false)]
    [InlineData("127.0.0.1:8088", true)]
    [InlineData("127.9.9.9:8088", true)]
    [InlineData("[::1]:8088", true)]
    [InlineData("localhost:8088", true)]
    public void Read_PublicAddress_NeedsAToken(string listen, bool isFree)
    {
        _environment["TOKEN"] = "0123456789abcdef";

        Read($"service: {{listen: '{listen}'}}").Errors.Count.ShouldBe(isFree ? 0 : 1);
        Valid($"service: {{listen: '{listen}', tokenEnv: TOKEN}}").Token!.Matches("0123456789abcdef").ShouldBeTrue();
    }

    [Fact]
    public void Read_TokenTwice_IsRefused()
    {
        _environment["TOKEN"] = "0123456789abcdef";
        Read("service: {tokenEnv: TOKEN, tokenFile: t}").Errors.ShouldBe(["house.yaml:1: service.tokenEnv: a file and an environment variable; allowed one of them"]);
    }

    [Fact]
    public void Read_TooManyStreams_IsRefusedAndAsManyAsAllowedAreNot()
    {
        static string Many(int count) => "streams:\n" + string.Concat(Enumerable.Range(0, count).Select(i =>
            $"- {{name: s{i}, source: 'rtsp://camera.test/{i}', output: 'rtsp://server.test/{i}'}}\n"));

        Valid(Many(256)).Streams.Count.ShouldBe(256);
        Read(Many(257)).Errors.ShouldBe(["house.yaml:2: streams: 257; allowed 256 or fewer"]);
    }

    [Fact]
    public void Read_Again_GivesEqualStreams()
    {
        Valid(Door).Streams[0].ShouldBe(Valid("# moved\n" + Door).Streams[0]);
        Valid(Door).Streams[0].ShouldNotBe(Valid(Door.Replace("camera", "other", StringComparison.Ordinal)).Streams[0]);
    }

    [Fact]
    public void Read_MangledFiles_GivesAConfigurationOrErrorsAndNothingElse()
    {
        var random = new Random(21);
        var original = File.ReadAllText(Path.Combine(Repository.Root, "configs", "demo-live.yaml"));
        const string Alphabet = "[]{}:,-?&*!|>'\"%@`# \n\t~$ab01\u0085\u2028\\";
        for (var round = 0; round < 1000; round++)
        {
            var text = original.ToCharArray();
            for (var edit = random.Next(1, 12); edit > 0; edit--)
            {
                text[random.Next(text.Length)] = Alphabet[random.Next(Alphabet.Length)];
            }

            var start = random.Next(text.Length);
            var result = Read(new string(text, start, random.Next(text.Length - start)));

            (result.Configuration is null).ShouldBe(result.Errors.Count > 0);
            result.Errors.ShouldAllBe(error => !error.Any(char.IsControl));
        }
    }

    private ServiceConfiguration Valid(string yaml)
    {
        var result = Read(yaml);
        result.Errors.ShouldBeEmpty();
        return result.Configuration!;
    }

    private ServiceResult Read(string yaml) => ServiceFile.Parse("house.yaml", yaml, name => _environment.GetValueOrDefault(name));

    // A key with one word behind it, or nothing: no sentence looks like that.
    [GeneratedRegex(@"^( *)# ( *(?:- )?[a-zA-Z]+:(?: \S+)?)$", RegexOptions.Multiline)]
    private static partial Regex CommentedSetting();
}
