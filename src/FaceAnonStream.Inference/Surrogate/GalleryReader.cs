using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using FaceAnonStream.Faults;
using FaceAnonStream.Identity;

namespace FaceAnonStream.Inference.Surrogate;

/// <summary>
/// Reads a gallery's JSON. Arrays of numbers are <c>{"shape": [n, m], "float16": "..."}</c>: base64 of little-endian half
/// floats, row-major. Keys that it does not know are left alone.
/// </summary>
public sealed class GalleryReader
{
    private readonly string _name;
    private readonly JsonElement _root;

    private GalleryReader(string name, JsonElement root)
    {
        _name = name;
        _root = root;
    }

    /// <summary>Reads a gallery of a surrogate generator: latents and the shape model that goes with them.</summary>
    /// <param name="name">How errors call it.</param>
    /// <param name="json">The file, UTF-8.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: something in it is missing or wrong.</exception>
    public static SurrogateGallery Read(string name, ReadOnlyMemory<byte> json) => Read(name, json, reader => reader.ReadSurrogates());

    /// <summary>Reads the latents of a gallery, and nothing else that may be in it.</summary>
    /// <inheritdoc cref="Read(string, ReadOnlyMemory{byte})"/>
    public static LatentGallery ReadLatents(string name, ReadOnlyMemory<byte> json) => Read(name, json, reader => reader.ReadLatents());

    /// <summary>Reads the matrix that makes a face-swap graph's source from a latent: one row for each of its numbers.</summary>
    /// <returns>Null where there is none.</returns>
    /// <inheritdoc cref="Read(string, ReadOnlyMemory{byte})"/>
    public static float[][]? ReadProjection(string name, ReadOnlyMemory<byte> json) =>
        Read(name, json, reader => reader._root.TryGetProperty("projection", out _) ? reader.Rows("projection") : null);

    private static T Read<T>(string name, ReadOnlyMemory<byte> json, Func<GalleryReader, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(new GalleryReader(name, document.RootElement));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new FaultException(FaultOrigin.Model, $"{name}: not a gallery ({exception.Message})", exception);
        }
    }

    private LatentGallery ReadLatents()
    {
        var draw = ReadDraw();
        return new LatentGallery(draw.Members, draw.Tones, draw.K, draw.Gamma);
    }

    private SurrogateGallery ReadSurrogates()
    {
        var draw = ReadDraw();
        var points = Numbers("points");
        Require(points.Count > 0 && points.Distinct().Count() == points.Count, "points", "distinct indices");
        var shape = new FaceShape(
            Shapes("meanShape", points.Count)[0],
            Shapes("expressionShapes", points.Count),
            Shapes("identityShapes", points.Count));
        Require(shape.IdentityCount <= draw.Members[0].Length, "identityShapes", "no more than a latent has numbers");
        return new SurrogateGallery(draw.Members, draw.Tones, draw.K, draw.Gamma, shape, points);
    }

    private (float[][] Members, Vector3[]? Tones, int K, float Gamma) ReadDraw()
    {
        var latents = Rows("latents");
        var pool = Numbers("pool");
        var draw = Member("draw");
        var k = Member(draw, "draw.k").GetInt32();
        var gamma = Member(draw, "draw.gamma").GetSingle();
        Require(pool.Count > 0 && pool.All(i => i >= 0 && i < latents.Length), "pool", "indices of latents");
        Require(k >= 1 && k <= pool.Count, "draw.k", "1 to the size of the pool");
        Require(float.IsFinite(gamma) && gamma > 0, "draw.gamma", "a number above 0");
        var tones = _root.TryGetProperty("tone", out _) ? Shapes("tone", latents.Length)[0] : null;
        return ([.. pool.Select(i => latents[i])], tones is null ? null : [.. pool.Select(i => tones[i])], k, gamma);
    }

    /// <summary>Point sets of a <c>[points, 3]</c> or <c>[n, points, 3]</c> array.</summary>
    private Vector3[][] Shapes(string key, int points)
    {
        var (sides, values) = Array(key);
        Require(sides is [.., _, 3] && sides.Length <= 3 && sides[^2] == points, key, $"[n, {points}, 3]");
        var vectors = MemoryMarshal.Cast<float, Vector3>(values).ToArray();
        return [.. vectors.Chunk(points)];
    }

    private float[][] Rows(string key)
    {
        var (sides, values) = Array(key);
        Require(sides.Length == 2, key, "[n, m]");
        return [.. values.Chunk(sides[1])];
    }

    private (int[] Sides, float[] Values) Array(string key)
    {
        var array = Member(key);
        int[] sides = [.. Member(array, $"{key}.shape").EnumerateArray().Select(side => side.GetInt32())];
        var bytes = Member(array, $"{key}.float16").GetBytesFromBase64();
        var count = sides.Aggregate(1L, (product, side) => product * side);
        Require(sides.All(side => side > 0) && bytes.Length == count * 2, key, "as many half floats as its shape says");
        var halves = MemoryMarshal.Cast<byte, Half>(bytes);
        var values = new float[halves.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)halves[i];
        }

        Require(Finite.All(values), key, "finite numbers");
        return (sides, values);
    }

    private List<int> Numbers(string key) => [.. Member(key).EnumerateArray().Select(number => number.GetInt32())];

    private JsonElement Member(string key) => Member(_root, key);

    private JsonElement Member(JsonElement parent, string path) =>
        parent.TryGetProperty(path[(path.LastIndexOf('.') + 1)..], out var member)
            ? member
            : throw new FaultException(FaultOrigin.Model, $"{_name}: {path} is missing");

    private void Require(bool holds, string path, string allowed)
    {
        if (!holds)
        {
            throw new FaultException(FaultOrigin.Model, $"{_name}: {path} is wrong; allowed {allowed}");
        }
    }
}
