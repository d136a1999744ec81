using System.Numerics;
using FaceAnonStream.Faults;
using FaceAnonStream.Identity;

namespace FaceAnonStream.Inference.Surrogate;

/// <summary>Reads galleries of generators: who can be drawn.</summary>
public static class GalleryReader
{
    /// <summary>Reads a gallery of a surrogate generator: latents and the shape model that goes with them.</summary>
    /// <param name="name">How errors call it.</param>
    /// <param name="json">The file, UTF-8.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: something in it is missing or wrong.</exception>
    public static SurrogateGallery Read(string name, ReadOnlyMemory<byte> json) => GalleryJson.Read(name, json, ReadSurrogates);

    /// <summary>Reads the latents of a gallery, and nothing else that may be in it.</summary>
    /// <inheritdoc cref="Read"/>
    public static LatentGallery ReadLatents(string name, ReadOnlyMemory<byte> json) => GalleryJson.Read(name, json, gallery =>
    {
        var draw = ReadDraw(gallery);
        return new LatentGallery(draw.Members, draw.Tones, draw.K, draw.Gamma);
    });

    /// <summary>Reads the matrix that makes a face-swap graph's source from a latent: one row for each of its numbers.</summary>
    /// <returns>Null where there is none.</returns>
    /// <inheritdoc cref="Read"/>
    public static float[][]? ReadProjection(string name, ReadOnlyMemory<byte> json) =>
        GalleryJson.Read(name, json, gallery => gallery.Has("projection") ? gallery.Rows("projection") : null);

    private static SurrogateGallery ReadSurrogates(GalleryJson gallery)
    {
        var draw = ReadDraw(gallery);
        var points = gallery.Integers("points");
        gallery.Require(points.Count > 0 && points.Distinct().Count() == points.Count, "points", "distinct indices");
        var shape = new FaceShape(
            gallery.Shapes("meanShape", points.Count)[0],
            gallery.Shapes("expressionShapes", points.Count),
            gallery.Shapes("identityShapes", points.Count));
        gallery.Require(shape.IdentityCount <= draw.Members[0].Length, "identityShapes", "no more than a latent has numbers");
        return new SurrogateGallery(draw.Members, draw.Tones, draw.K, draw.Gamma, shape, points);
    }

    private static (float[][] Members, Vector3[]? Tones, int K, float Gamma) ReadDraw(GalleryJson gallery)
    {
        var latents = gallery.Rows("latents");
        var pool = gallery.Integers("pool");
        var k = gallery.Integer("draw.k");
        var gamma = gallery.Number("draw.gamma");
        gallery.Require(pool.Count > 0 && pool.All(i => i >= 0 && i < latents.Length), "pool", "indices of latents");
        gallery.Require(k >= 1 && k <= pool.Count, "draw.k", "1 to the size of the pool");
        gallery.Require(gamma > 0, "draw.gamma", "a number above 0");
        var tones = gallery.Has("tone") ? gallery.Shapes("tone", latents.Length)[0] : null;
        return ([.. pool.Select(i => latents[i])], tones is null ? null : [.. pool.Select(i => tones[i])], k, gamma);
    }
}
