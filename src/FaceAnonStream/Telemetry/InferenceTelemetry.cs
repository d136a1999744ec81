namespace FaceAnonStream.Telemetry;

/// <summary>What a model is used for.</summary>
public enum InferenceTask
{
    Detection,
    Landmarks,
    Generation,
}

/// <summary>Measures models. Sessions are shared between streams, so these numbers name none.</summary>
public static class InferenceTelemetry
{
    private static readonly KeyValuePair<string, object?>[] Tasks =
        Array.ConvertAll(Enum.GetValues<InferenceTask>(), task => Label.Of("task", task));

    /// <summary>A model was asked for so many answers in one call.</summary>
    /// <param name="task">What it is used for.</param>
    /// <param name="size">Pictures or faces, at least 1.</param>
    public static void BatchRan(InferenceTask task, int size) => StreamInstruments.BatchSize.Record(size, Tasks[(int)task]);
}
