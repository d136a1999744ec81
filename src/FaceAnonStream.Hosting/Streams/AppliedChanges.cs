namespace FaceAnonStream.Hosting.Streams;

/// <summary>What a new configuration changed.</summary>
/// <param name="Added">Names of streams that are new.</param>
/// <param name="Changed">Names of streams that were started anew.</param>
/// <param name="Removed">Names of streams that were ended.</param>
/// <param name="Unchanged">Names of streams that were left alone.</param>
/// <param name="NeedsRestart">Paths of settings that changed, but take effect when the service is restarted.</param>
public sealed record AppliedChanges(
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Changed,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Unchanged,
    IReadOnlyList<string> NeedsRestart);

/// <summary>Why a stream cannot be added.</summary>
/// <param name="Message">One line.</param>
/// <param name="Other">The stream that is in the way; null where it is none.</param>
public sealed record StreamConflict(string Message, string? Other);
