namespace FaceAnonStream.Telemetry;

/// <summary>What metrics read of a job while it runs, from any thread.</summary>
/// <param name="LiveTracks">Faces being followed now.</param>
/// <param name="Depths">Items in each link, at the place of its <see cref="LinkName"/>; null where the job has no such link.</param>
internal sealed record RunningJob(Func<int> LiveTracks, IReadOnlyList<Func<int>?> Depths);
