using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Kernels;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Redaction;

/// <summary>Covers a head with a handful of cells: flat (mosaic), smoothed (blur) or all of one colour (solid).</summary>
public sealed class CellFieldCover : IFaceCover
{
    private readonly RedactOptions _options;
    private readonly SolidColor _color;

    public CellFieldCover(OutcomeKind kind, RedactOptions options, SolidColor color)
    {
        if (kind is not (OutcomeKind.Blur or OutcomeKind.Mosaic or OutcomeKind.Solid))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a cover made of cells");
        }

        Kind = kind;
        _options = options;
        _color = color;
    }

    public OutcomeKind Kind { get; }

    public void Cover(VideoFrame frame, in TrackedFace face, FaceDrawing? drawing)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var head = HeadRegion.FromFaceBox(face.Box, (float)_options.HeadScale);
        var pixelFormat = frame.Format.PixelFormat;
        for (var plane = 0; plane < FrameFormat.PlaneCount; plane++)
        {
            var region = plane == 0 ? head : head.Subsample(pixelFormat.ChromaShiftX, pixelFormat.ChromaShiftY);
            var cells = Kind switch
            {
                OutcomeKind.Blur => CellFieldOptions.Blur(_options.Cells, (float)_options.Feather),
                OutcomeKind.Mosaic => CellFieldOptions.Mosaic(_options.Cells, (float)_options.Feather),
                _ => CellFieldOptions.Solid((ushort)_color[plane], (float)_options.Feather),
            };
            if (pixelFormat.BytesPerSample == 1)
            {
                CellField.Cover(frame.Plane8(plane), region, cells);
            }
            else
            {
                CellField.Cover(frame.Plane16(plane), region, cells);
            }
        }
    }
}
