using System.Text.Json;
using System.Text.Json.Serialization;
using FaceAnonStream.Detection;
using FaceAnonStream.Media.Files;

namespace FaceAnonStream.Cli.Scene;

/// <summary>What is true of a scene, as a JSON file with a line for every frame.</summary>
internal static class SceneTruth
{
    /// <summary>Names the shape of the file; a change that breaks a reader counts it up.</summary>
    public const string Schema = "faceanon-scene/1";

    /// <summary>Writes the file; it appears under its name when it is complete.</summary>
    /// <param name="path">An older file is replaced.</param>
    /// <param name="script">The scene.</param>
    /// <exception cref="Faults.FaultException">It cannot be written.</exception>
    public static void Write(string path, SceneScript script)
    {
        var temporaryPath = TemporaryFile.CreateBeside(path);
        try
        {
            using (var writer = new StreamWriter(temporaryPath))
            {
                writer.Write(Header(script.Options));
                for (var frame = 0L; frame < script.Options.FrameCount; frame++)
                {
                    writer.Write(frame == 0 ? "\n" : ",\n");
                    writer.Write(JsonSerializer.Serialize(FrameTruth.Of(script.At(frame)), SceneJson.Default.FrameTruth));
                }

                writer.Write("\n]}\n");
            }

            TemporaryFile.Publish(temporaryPath, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporaryPath);
        }
    }

    private static string Header(SceneOptions options)
    {
        var header = new SceneHeader(
            Schema, options.Width, options.Height, options.FrameRate.ToString(), options.TimeBase.ToString(), options.FrameCount, options.People, options.Seed);
        return JsonSerializer.Serialize(header, SceneJson.Default.SceneHeader)[..^1] + ",\"frames\":[";
    }
}

/// <param name="Schema">Shape of the file.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
/// <param name="FrameRate">Frames per second.</param>
/// <param name="TimeBase">Seconds per tick.</param>
/// <param name="FrameCount">Frames of the scene.</param>
/// <param name="People">Numbered from 1.</param>
/// <param name="Seed">Makes the same scene again.</param>
internal sealed record SceneHeader(
    string Schema, int Width, int Height, string FrameRate, string TimeBase, long FrameCount, int People, ulong Seed);

/// <param name="Frame">From 0; also the time in ticks.</param>
/// <param name="Seconds">The time.</param>
/// <param name="Faces">Faces of which something is seen.</param>
internal sealed record FrameTruth(long Frame, double Seconds, IReadOnlyList<FaceTruth> Faces)
{
    public static FrameTruth Of(SceneMoment moment) =>
        new(moment.Index, Math.Round(moment.Seconds, 6), [.. moment.Faces.Select(FaceTruth.Of)]);
}

/// <param name="Person">Whose face it is.</param>
/// <param name="Box">Left, top, width and height in pixels.</param>
/// <param name="Points">x and y of right eye, left eye, nose tip, right and left mouth corner (the subject's right).</param>
/// <param name="Yaw">Degrees, to the picture's right.</param>
/// <param name="Pitch">Degrees, downwards.</param>
/// <param name="Roll">Degrees, clockwise.</param>
/// <param name="Visible">Share of the box that is in the picture and not behind somebody, 0 to 1.</param>
internal sealed record FaceTruth(int Person, float[] Box, float[][] Points, float Yaw, float Pitch, float Roll, float Visible)
{
    public static FaceTruth Of(TrueFace face) => new(
        face.Person,
        [Round(face.Box.X), Round(face.Box.Y), Round(face.Box.Width), Round(face.Box.Height)],
        PairsOf(face.Points),
        Round(face.YawDegrees),
        Round(face.PitchDegrees),
        Round(face.RollDegrees),
        MathF.Round(face.Visible, 3));

    private static float[][] PairsOf(FivePoints points)
    {
        var pairs = new float[FivePoints.Count][];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = [Round(points[i].X), Round(points[i].Y)];
        }

        return pairs;
    }

    private static float Round(float value) => MathF.Round(value, 2);
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SceneHeader))]
[JsonSerializable(typeof(FrameTruth))]
internal sealed partial class SceneJson : JsonSerializerContext;
