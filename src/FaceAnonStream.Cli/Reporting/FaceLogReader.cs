using System.Buffers;
using System.Text;
using System.Text.Json;
using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Cli.Reporting;

/// <summary>Reads what <see cref="FaceLog"/> writes, line after line. Members that it does not know are passed over.</summary>
internal static class FaceLogReader
{
    /// <summary>Some ten thousand faces in a frame.</summary>
    private const int MaxLineBytes = 1 << 20;

    private static readonly Dictionary<string, OutcomeKind> Covers =
        Enum.GetValues<OutcomeKind>().Where(kind => kind != OutcomeKind.NoFace).ToDictionary(kind => Setting.KeyOf(kind.ToString()));

    private static readonly Dictionary<string, FallbackReason> Fallbacks =
        Enum.GetValues<FallbackReason>().ToDictionary(reason => Setting.KeyOf(reason.ToString()));

    /// <summary>The frames of a list, read as they are asked for; no more than one line is in memory.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Source"/>, while enumerating: the file cannot be read, or a line
    /// is not what is allowed.</exception>
    public static IEnumerable<ListedFrame> Read(string path)
    {
        using var lines = Guarded(path, () => new FileStream(path, FileMode.Open, FileAccess.Read));
        var line = new ArrayBufferWriter<byte>();
        var (number, last) = (0, -1);
        while (Guarded(path, () => ReadLine(lines, line)))
        {
            var frame = Parse(line.WrittenMemory, last, reason => new FaultException(
                FaultOrigin.Source, $"{path}, line {number + 1}: {reason}: {Excerpt(line.WrittenSpan)}"));
            (number, last) = (number + 1, frame.Frame);
            yield return frame;
        }
    }

    /// <summary>False at the end of the file. A line that is too long is cut, and thereby no JSON.</summary>
    private static bool ReadLine(FileStream file, ArrayBufferWriter<byte> line)
    {
        line.ResetWrittenCount();
        int next;
        while ((next = file.ReadByte()) >= 0 && next != '\n' && line.WrittenCount < MaxLineBytes)
        {
            line.GetSpan(1)[0] = (byte)next;
            line.Advance(1);
        }

        return next >= 0 || line.WrittenCount > 0;
    }

    private static ListedFrame Parse(ReadOnlyMemory<byte> line, int last, Func<string, FaultException> fault)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var frame = Member(json.RootElement, "frame", JsonValueKind.Number) is { } number && number.TryGetInt32(out var value) ? value : -1;
            if (frame <= last)
            {
                throw fault($"no frame; allowed a whole number above {last}");
            }

            return Member(json.RootElement, "faces", JsonValueKind.Array) is { } faces
                ? new ListedFrame(frame, [.. faces.EnumerateArray().Select(face => Face(face, fault))])
                : throw fault("no faces; allowed an array");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw fault("no JSON; allowed what faceanon run --faces writes");
        }
    }

    private static ListedFace Face(JsonElement face, Func<string, FaultException> fault)
    {
        var sides = Member(face, "box", JsonValueKind.Array) is { } box
            ? box.EnumerateArray().Select(side => side.ValueKind == JsonValueKind.Number && side.TryGetSingle(out var value) ? value : float.NaN).ToArray()
            : [];
        if (sides is not [_, _, > 0, > 0] || !sides.All(float.IsFinite))
        {
            throw fault("a face without a box; allowed [x, y, width, height] in pixels");
        }

        if (!Covers.TryGetValue(Text(face, "cover"), out var cover))
        {
            throw fault($"a face without a cover; allowed {string.Join(", ", Covers.Keys)}");
        }

        var fallback = Text(face, "fallback");
        return fallback.Length == 0 || Fallbacks.ContainsKey(fallback)
            ? new ListedFace(
                new RectF(sides[0], sides[1], sides[2], sides[3]), cover, Fallbacks.TryGetValue(fallback, out var reason) ? reason : null)
            : throw fault($"a fallback that is not known; allowed {string.Join(", ", Fallbacks.Keys)}");
    }

    private static JsonElement? Member(JsonElement parent, string name, JsonValueKind kind) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind == kind ? member : null;

    private static string Text(JsonElement parent, string name) => Member(parent, name, JsonValueKind.String)?.GetString() ?? "";

    private static string Excerpt(ReadOnlySpan<byte> line) => OneLine.Excerpt(Encoding.UTF8.GetString(line[..Math.Min(line.Length, 400)]));

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(FaultOrigin.Source, $"{path}: cannot be read ({exception.Message})", exception);
        }
    }
}
