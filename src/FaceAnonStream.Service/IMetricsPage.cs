namespace FaceAnonStream.Service;

/// <summary>What <c>/metrics</c> answers. Any number of callers at a time.</summary>
public interface IMetricsPage
{
    /// <summary>Media type of the page, with version and character set.</summary>
    string ContentType { get; }

    /// <summary>Writes all metrics as they are now.</summary>
    /// <param name="body">Borrowed.</param>
    /// <param name="ct">Gives up.</param>
    Task WriteAsync(Stream body, CancellationToken ct);
}
