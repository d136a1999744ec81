using FaceAnonStream.Detection;

namespace FaceAnonStream.Telemetry;

/// <summary>A model that a stream uses.</summary>
internal sealed record ModelUse(InferenceTask Task, ModelIdentity Model);
