namespace FaceAnonStream.Telemetry;

/// <summary>The stages, in the order of the flow, as metrics name them.</summary>
public enum StageName
{
    Demux,
    Detect,
    Track,
    Align,
    Generate,
    Blend,
    Mux,
}

/// <summary>The links between stages, in the order of the flow, named for what they hold.</summary>
public enum LinkName
{
    Decoded,
    Detected,
    Tracked,
    Aligned,
    Drawn,
    Anonymized,
    Receipts,
}
