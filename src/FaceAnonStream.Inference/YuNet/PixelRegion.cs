namespace FaceAnonStream.Inference.YuNet;

/// <summary>A rectangle of whole luma pixels.</summary>
internal readonly record struct PixelRegion(int X, int Y, int Width, int Height)
{
    public int Right => X + Width;

    public int Bottom => Y + Height;
}
