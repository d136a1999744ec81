using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaceAnonStream.Models;

/// <summary>What a model does. Manifests and listings spell it in kebab-case, e.g. <c>face-detection</c>.</summary>
public enum ModelTask
{
    /// <summary>Finds faces in pictures.</summary>
    FaceDetection,

    /// <summary>Finds the points of one face in a crop.</summary>
    FaceLandmarks,

    /// <summary>Draws a face of another identity into a crop.</summary>
    FaceGeneration,
}

/// <summary>How tasks are spelt.</summary>
public static class ModelTasks
{
    public static string Key(this ModelTask task) => JsonNamingPolicy.KebabCaseLower.ConvertName(task.ToString());
}

internal sealed class ModelTaskConverter() : JsonStringEnumConverter<ModelTask>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);
