namespace FaceAnonStream.Cli.Scene;

/// <summary>What a face does, in standard deviations from the mean face, in the order of the gallery's expressions.</summary>
internal readonly record struct Expression(float MouthOpen, float MouthWidth, float CornerRaise, float Eyes, float Brows)
{
    public const int Count = 7;

    /// <summary>Mouth open, mouth width, corner raise, right and left eye, right and left brow.</summary>
    public float[] ToArray() => [MouthOpen, MouthWidth, CornerRaise, Eyes, Eyes, Brows, Brows];
}
