using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using FaceAnonStream.Faults;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference.Surrogate;
using FaceAnonStream.Tests.Kit;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.Surrogate;

public sealed class SurrogateGalleryTests
{
    public static TheoryData<string, string, string> Wrong => new()
    {
        { "points", "[10, 10, 1]", "points is wrong; allowed distinct indices" },
        { "points", "[10, 152]", "meanShape is wrong; allowed [n, 2, 3]" },
        { "pool", "[0, 6]", "pool is wrong; allowed indices of latents" },
        { "pool", "[]", "pool is wrong; allowed indices of latents" },
        { "draw", """{ "k": 6, "gamma": 1 }""", "draw.k is wrong; allowed 1 to the size of the pool" },
        { "draw", """{ "k": 2, "gamma": 0 }""", "draw.gamma is wrong; allowed a number above 0" },
        { "draw", """{ "k": 2 }""", "draw.gamma is missing" },
        { "latents", """{ "shape": [6, 5], "float16": "AAAA" }""", "latents is wrong; allowed as many half floats as its shape says" },
        { "latents", """{ "shape": [1], "float16": "AAA=" }""", "latents is wrong; allowed [n, m]" },
        { "latents", """{ "shape": [1, 1], "float16": "AHw=" }""", "latents is wrong; allowed finite numbers" },
    };

    [Fact]
    public void Read_Valid_TakesThePoolAndTheShape()
    {
        var gallery = Read(Galleries.Valid());
        (gallery.Count, gallery.LatentLength).ShouldBe((5, 5));
        gallery.Points.ShouldBe([10, 152, 1]);
        (gallery.Shape.PointCount, gallery.Shape.ExpressionCount, gallery.Shape.IdentityCount).ShouldBe((3, 2, 2));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Read_SomethingWrong_SaysWhat(string key, string value, string problem)
    {
        var json = Galleries.Valid();
        json[key] = JsonNode.Parse(value);
        var fault = Should.Throw<FaultException>(() => Read(json));
        fault.Origin.ShouldBe(FaultOrigin.Model);
        fault.Message.ShouldBe($"tiny.json: {problem}");
    }

    [Theory]
    [InlineData("points")]
    [InlineData("draw")]
    [InlineData("pool")]
    [InlineData("latents")]
    [InlineData("meanShape")]
    [InlineData("expressionShapes")]
    [InlineData("identityShapes")]
    public void Read_KeyMissing_SaysWhich(string key)
    {
        var json = Galleries.Valid();
        json.Remove(key);
        Should.Throw<FaultException>(() => Read(json)).Message.ShouldBe($"tiny.json: {key} is missing");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"points\": 3}")]
    [InlineData("{\"points\": [\"a\"]}")]
    public void Read_NoGallery_IsTheModelsFault(string json) =>
        Should.Throw<FaultException>(() => GalleryReader.Read("tiny.json", Encoding.UTF8.GetBytes(json)))
            .Origin.ShouldBe(FaultOrigin.Model);

    [Fact]
    public void Draw_OneOfAll_IsAMemberPushedAwayFromTheMean()
    {
        var json = Galleries.Valid();
        json["draw"] = JsonNode.Parse("""{ "k": 1, "gamma": 2 }""");
        var gallery = Read(json);

        // Member i of the file is (5i, 5i + 1, ...); the pool's mean begins with (0 + 5 + 10 + 15 + 25) / 5 = 11.
        float[] firsts = [.. Enumerable.Range(0, 200).Select(seed => gallery.Draw((ulong)seed)[0]).Distinct().Order()];
        firsts.ShouldBe([11 + (2 * (0 - 11)), 11 + (2 * (5 - 11)), 11 + (2 * (10 - 11)), 11 + (2 * (15 - 11)), 11 + (2 * (25 - 11))]);
    }

    [Fact]
    public void Draw_AllOfThem_IsTheMean()
    {
        var json = Galleries.Valid();
        json["draw"] = JsonNode.Parse("""{ "k": 5, "gamma": 1.7 }""");
        Read(json).Draw(3).ShouldBe([11, 12, 13, 14, 15], tolerance: 1e-4);
    }

    [Fact]
    public void Draw_Embedded_DependsOnTheSeedAlone() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var gallery = SceneClips.Gallery;
            var latent = gallery.Draw((ulong)seed);
            latent.Length.ShouldBe(gallery.LatentLength);
            latent.ShouldAllBe(value => float.IsFinite(value));
            gallery.Draw((ulong)seed).ShouldBe(latent);
            gallery.Draw((ulong)seed + 1).ShouldNotBe(latent);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Shape_IdentityAndExpression_AddUp()
    {
        var shape = Read(Galleries.Valid()).Shape;
        var points = shape.Neutral([9, 9, 9, 2, 4]);
        points.ShouldBe([new Vector3(2, 3, 4), new Vector3(5, 6, 7), new Vector3(8, 9, 10)]);
        shape.Express(points, [3, 0.5f]);
        points[0].ShouldBe(new Vector3(10, 11, 12));
        shape.Neutral([0, 0, 0, 0, 0])[0].ShouldBe(new Vector3(0, 1, 2), "asking changes nothing");
    }

    private static SurrogateGallery Read(JsonObject json) =>
        GalleryReader.Read("tiny.json", Encoding.UTF8.GetBytes(json.ToJsonString()));
}
