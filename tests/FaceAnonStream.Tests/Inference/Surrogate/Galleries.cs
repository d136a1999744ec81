using System.Text.Json.Nodes;

namespace FaceAnonStream.Tests.Inference.Surrogate;

/// <summary>Small galleries as JSON: six latents of five numbers, of which the last two make the shape of three points.</summary>
internal static class Galleries
{
    public static JsonObject Valid() => new()
    {
        ["points"] = new JsonArray(10, 152, 1),
        ["draw"] = new JsonObject { ["k"] = 2, ["gamma"] = 1.5 },
        ["pool"] = new JsonArray(0, 1, 2, 3, 5),
        ["latents"] = Numbers([6, 5], i => i),
        ["meanShape"] = Numbers([3, 3], i => i),
        ["expressionShapes"] = Numbers([2, 3, 3], i => i < 9 ? 1 : 10),
        ["identityShapes"] = Numbers([2, 3, 3], i => i < 9 ? 0.5f : 0.25f),
    };

    public static JsonObject Numbers(int[] sides, Func<int, float> value)
    {
        var bytes = Enumerable.Range(0, sides.Aggregate((a, b) => a * b)).SelectMany(i => BitConverter.GetBytes((Half)value(i)));
        return new JsonObject
        {
            ["shape"] = new JsonArray([.. sides.Select(side => JsonValue.Create(side))]),
            ["float16"] = Convert.ToBase64String([.. bytes]),
        };
    }
}
