using System.Text.Json;
using System.Text.Json.Serialization;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Hosting;

/// <summary>An enum value as configuration files spell it.</summary>
public sealed class KeyConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;

/// <summary>A rational number as <c>"1/90000"</c>.</summary>
public sealed class RationalConverter : JsonConverter<Rational>
{
    public override Rational Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("reports are written, never read");

    public override void Write(Utf8JsonWriter writer, Rational value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
