using System.Text;
using System.Text.Json.Nodes;
using FaceAnonStream.Faults;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Surrogate;
using FaceAnonStream.Models;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.Surrogate;

/// <summary>The embedded gallery with one of its privacy numbers spoilt.</summary>
public sealed class SurrogateRecipeTests
{
    private static readonly byte[] Gallery = new ModelCatalog(new ModelFolders([]))
        .Resolve(ModelTask.FaceGeneration, path: null).Files.Single(file => file.FileName == "gallery.json").Read();

    [Theory]
    [InlineData("blocks", "7", "a divisor of every size")]
    [InlineData("contextBlocks", "0", "a divisor of every size")]
    [InlineData("fadeBlocks", "5", "a divisor of every size")]
    [InlineData("fadeRange", "[0.9, 0.4]", "a smaller and a larger number")]
    [InlineData("fadeRange", "[0.9]", "2 numbers")]
    [InlineData("contrastLevels", "[0, 1]", "ascending numbers above 0")]
    [InlineData("contrastLevels", "[0.2, 0.1]", "ascending numbers above 0")]
    [InlineData("neutralFrames", "0", "1 or more")]
    [InlineData("settleFrames", "0.5", "1 or more")]
    [InlineData("window", "[7, 7, 8, 18]", "first column, first row, end column and end row of the blocks, two or more of each")]
    public void Read_WrongNumber_SaysWhich(string key, string value, string allowed)
    {
        var json = JsonNode.Parse(Gallery)!;
        json["privacy"]![key] = JsonNode.Parse(value);
        var fault = Should.Throw<FaultException>(
            () => SurrogateRecipe.Read("spoilt.json", Encoding.UTF8.GetBytes(json.ToJsonString()), [96, 192]));
        fault.Origin.ShouldBe(FaultOrigin.Model);
        fault.Message.ShouldBe($"spoilt.json: privacy.{key} is wrong; allowed {allowed}");
    }
}
