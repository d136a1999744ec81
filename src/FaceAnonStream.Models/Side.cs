using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaceAnonStream.Models;

/// <summary>One side of a tensor: a size, or a symbol such as <c>N</c> for a side that is free.</summary>
[JsonConverter(typeof(SideConverter))]
public readonly record struct Side
{
    public Side(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        Size = size;
    }

    public Side(string symbol)
    {
        ArgumentException.ThrowIfNullOrEmpty(symbol);
        Symbol = symbol;
    }

    /// <summary>From 1; null where the side is free.</summary>
    public int? Size { get; }

    /// <summary>Null where the side has a size.</summary>
    public string? Symbol { get; }

    public override string ToString() => Symbol ?? (Size ?? 0).ToString(CultureInfo.InvariantCulture);
}

/// <summary>One part of a latent, as <c>["texture", 160]</c>.</summary>
/// <param name="Name">What it steers.</param>
/// <param name="Length">How many numbers it has, from 1.</param>
[JsonConverter(typeof(LatentPartConverter))]
public sealed record LatentPart(string Name, int Length);

internal sealed class SideConverter : JsonConverter<Side>
{
    public override Side Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt32(out var size) && size > 0 => new Side(size),
        JsonTokenType.String when reader.GetString() is { Length: > 0 } symbol => new Side(symbol),
        _ => throw new JsonException(),
    };

    public override void Write(Utf8JsonWriter writer, Side value, JsonSerializerOptions options)
    {
        if (value.Size is { } size)
        {
            writer.WriteNumberValue(size);
        }
        else
        {
            writer.WriteStringValue(value.Symbol);
        }
    }
}

internal sealed class LatentPartConverter : JsonConverter<LatentPart>
{
    public override LatentPart Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement is { ValueKind: JsonValueKind.Array } pair
            && pair.GetArrayLength() == 2
            && pair[0] is { ValueKind: JsonValueKind.String } name
            && pair[1] is { ValueKind: JsonValueKind.Number } number
            && number.TryGetInt32(out var length)
            && length > 0
            ? new LatentPart(name.GetString()!, length)
            : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, LatentPart value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.Name);
        writer.WriteNumberValue(value.Length);
        writer.WriteEndArray();
    }
}
