using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using FaceAnonStream.Faults;

namespace FaceAnonStream.Inference.Surrogate;

/// <summary>
/// The JSON of a gallery. Arrays of numbers are <c>{"shape": [n, m], "float16": "..."}</c>: base64 of little-endian half
/// floats, row-major. Keys that nobody asks for are left alone. What is missing or wrong is the model's fault.
/// </summary>
internal sealed class GalleryJson
{
    private readonly string _name;
    private readonly JsonElement _root;

    private GalleryJson(string name, JsonElement root)
    {
        _name = name;
        _root = root;
    }

    /// <param name="name">How errors call it.</param>
    /// <param name="json">The file, UTF-8.</param>
    /// <param name="read">Takes what it needs.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: something in it is missing or wrong.</exception>
    public static T Read<T>(string name, ReadOnlyMemory<byte> json, Func<GalleryJson, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(new GalleryJson(name, document.RootElement));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new FaultException(FaultOrigin.Model, $"{name}: not a gallery ({exception.Message})", exception);
        }
    }

    public bool Has(string key) => _root.TryGetProperty(key, out _);

    /// <summary>Point sets of a <c>[points, 3]</c> or <c>[n, points, 3]</c> array.</summary>
    public Vector3[][] Shapes(string key, int points)
    {
        var (sides, values) = Array(key);
        Require(sides is [.., _, 3] && sides.Length <= 3 && sides[^2] == points, key, $"[n, {points}, 3]");
        var vectors = MemoryMarshal.Cast<float, Vector3>(values).ToArray();
        return [.. vectors.Chunk(points)];
    }

    public float[][] Rows(string key)
    {
        var (sides, values) = Array(key);
        Require(sides.Length == 2, key, "[n, m]");
        return [.. values.Chunk(sides[1])];
    }

    /// <summary>An array of so many rows and columns.</summary>
    public float[][] Rows(string key, int count, int length)
    {
        var (sides, values) = Array(key);
        Require(sides is [var n, var m] && n == count && m == length, key, $"[{count}, {length}]");
        return [.. values.Chunk(length)];
    }

    /// <summary>A plain list of numbers, or an array of one side.</summary>
    public float[] List(string path, int? count = null)
    {
        var list = Member(path);
        float[] values = list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(number => number.GetSingle())]
            : Array(path).Values;
        Require(values.Length > 0 && (count ?? values.Length) == values.Length, path, count is null ? "one number or more" : $"{count} numbers");
        Require(Finite.All(values), path, "finite numbers");
        return values;
    }

    public List<int> Integers(string path) => [.. Member(path).EnumerateArray().Select(number => number.GetInt32())];

    public int Integer(string path) => Member(path).GetInt32();

    public float Number(string path)
    {
        var number = Member(path).GetSingle();
        Require(float.IsFinite(number), path, "a finite number");
        return number;
    }

    public void Require(bool holds, string path, string allowed)
    {
        if (!holds)
        {
            throw new FaultException(FaultOrigin.Model, $"{_name}: {path} is wrong; allowed {allowed}");
        }
    }

    private (int[] Sides, float[] Values) Array(string key)
    {
        int[] sides = [.. Member($"{key}.shape").EnumerateArray().Select(side => side.GetInt32())];
        var bytes = Member($"{key}.float16").GetBytesFromBase64();
        var count = sides.Aggregate(1L, (product, side) => product * side);
        Require(sides.All(side => side > 0) && bytes.Length == count * 2, key, "as many half floats as its shape says");
        var values = new float[bytes.Length / 2];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)MemoryMarshal.Cast<byte, Half>(bytes)[i];
        }

        Require(Finite.All(values), key, "finite numbers");
        return (sides, values);
    }

    /// <summary>A value by its keys from the root, e.g. <c>draw.gamma</c>.</summary>
    private JsonElement Member(string path)
    {
        var (member, keys) = (_root, path.Split('.'));
        for (var i = 0; i < keys.Length; i++)
        {
            if (!member.TryGetProperty(keys[i], out member))
            {
                throw new FaultException(FaultOrigin.Model, $"{_name}: {string.Join('.', keys[..(i + 1)])} is missing");
            }
        }

        return member;
    }
}
