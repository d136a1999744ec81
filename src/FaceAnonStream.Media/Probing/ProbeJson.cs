using System.Text.Json.Serialization;

namespace FaceAnonStream.Media.Probing;

/// <summary>The part of ffprobe's JSON that we read. Settable, so that what is absent keeps its default.</summary>
internal sealed record ProbeJson
{
    public IReadOnlyList<ProbeStream> Streams { get; set; } = [];

    public ProbeFormat Format { get; set; } = new();

    public IReadOnlyList<ProbePacket> Packets { get; set; } = [];
}

internal sealed record ProbeFormat
{
    public string FormatName { get; set; } = "";

    public string? Duration { get; set; }
}

internal sealed record ProbePacket
{
    public int StreamIndex { get; set; }

    public IReadOnlyList<ProbeSideData> SideDataList { get; set; } = [];
}

internal sealed record ProbeStream
{
    public int Index { get; set; }

    public string? CodecName { get; set; }

    public string? CodecType { get; set; }

    public string? CodecTagString { get; set; }

    public int Width { get; set; }

    public int Height { get; set; }

    public string? PixFmt { get; set; }

    public string? SampleAspectRatio { get; set; }

    public string? ColorRange { get; set; }

    public string? ColorSpace { get; set; }

    public string? ColorTransfer { get; set; }

    public string? ColorPrimaries { get; set; }

    public string? RFrameRate { get; set; }

    public string? AvgFrameRate { get; set; }

    public string? TimeBase { get; set; }

    public long? StartPts { get; set; }

    public string? Duration { get; set; }

    public string? NbFrames { get; set; }

    public Dictionary<string, int> Disposition { get; set; } = [];

    public Dictionary<string, string> Tags { get; set; } = [];

    public IReadOnlyList<ProbeSideData> SideDataList { get; set; } = [];
}

internal sealed record ProbeSideData
{
    public string? SideDataType { get; set; }

    public double? Rotation { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProbeJson))]
internal sealed partial class ProbeJsonContext : JsonSerializerContext;
