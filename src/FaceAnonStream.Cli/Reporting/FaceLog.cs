using System.Text.Json;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Muxing;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Cli.Reporting;

/// <summary>
/// Where each face of each frame was and how it was covered, as JSON lines: one for each frame that has faces. The file
/// appears when it is complete.
/// </summary>
internal sealed class FaceLog : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _file;
    private readonly Utf8JsonWriter _json;
    private bool _isComplete;

    private FaceLog(string path, string temporary, FileStream file)
    {
        _path = path;
        _temporary = temporary;
        _file = file;
        _json = new Utf8JsonWriter(file);
    }

    /// <summary>Begins a file.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Sink"/>: it cannot be made.</exception>
    public static FaceLog Create(string path) => Guarded(path, () =>
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        return new FaceLog(path, temporary, new FileStream(temporary, FileMode.CreateNew, FileAccess.Write));
    });

    /// <summary>Adds a frame.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Sink"/>: it cannot be written.</exception>
    public void Add(FrameReceipt receipt)
    {
        if (receipt.Outcome.Faces.Count > 0)
        {
            Guarded(_path, () =>
            {
                Write(receipt);
                return true;
            });
        }
    }

    /// <summary>Gives the file its name; an older one is replaced.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Sink"/>: it cannot be finished.</exception>
    public void Complete() => Guarded(_path, () =>
    {
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        return _isComplete = true;
    });

    public void Dispose()
    {
        if (!_isComplete)
        {
            _file.Dispose();
            File.Delete(_temporary);
        }
    }

    private void Write(FrameReceipt receipt)
    {
        _json.WriteStartObject();
        _json.WriteNumber("frame", receipt.Index);
        _json.WriteNumber("pts", receipt.Pts);
        _json.WriteStartArray("faces");
        foreach (var face in receipt.Outcome.Faces)
        {
            Write(face);
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _file.WriteByte((byte)'\n');
    }

    private void Write(FaceOutcome outcome)
    {
        var box = outcome.Face.Box;
        _json.WriteStartObject();
        _json.WriteNumber("track", outcome.Face.TrackId);
        _json.WriteStartArray("box");
        foreach (var side in (ReadOnlySpan<float>)[box.X, box.Y, box.Width, box.Height])
        {
            _json.WriteNumberValue(Math.Round(side, 1));
        }

        _json.WriteEndArray();
        _json.WriteString("cover", Setting.KeyOf(outcome.Kind.ToString()));
        _json.WriteBoolean("observed", outcome.Observed);
        if (outcome.Fallback is { } fallback)
        {
            _json.WriteString("fallback", Setting.KeyOf(fallback.ToString()));
        }

        _json.WriteEndObject();
    }

    private static T Guarded<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(FaultOrigin.Sink, $"{path}: cannot be written ({exception.Message})", exception);
        }
    }
}
