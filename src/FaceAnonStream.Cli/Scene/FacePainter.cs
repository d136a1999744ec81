using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Frames;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference.Surrogate;

namespace FaceAnonStream.Cli.Scene;

/// <summary>Gives painted people the faces of a generator. Not thread-safe.</summary>
internal sealed class FacePainter(IReadOnlyList<SurrogateGenerator> generators, float margin, FigurePainter painter)
{
    private const float EyeRadius = 0.13f;
    private const int MaxSamples = 4;
    private const float GrainStrength = 0.06f;

    private static readonly Vector3 EyeWhite = new(0.82f, 0.8f, 0.78f);
    private static readonly Vector3 Iris = new(0.16f, 0.11f, 0.08f);
    private static readonly Vector3 Lips = new(0.62f, 0.3f, 0.28f);
    private static readonly Vector3 Mouth = new(0.2f, 0.08f, 0.08f);

    private readonly Easel[] _easels = [.. generators.OrderBy(generator => generator.Size).Select(generator => new Easel(generator))];

    /// <summary>Draws one person's face into a picture in which the person is painted already.</summary>
    /// <param name="picture">The frame.</param>
    /// <param name="figure">The person.</param>
    /// <param name="ct">Gives up.</param>
    public async Task PaintAsync(Canvas picture, Figure figure, CancellationToken ct)
    {
        var square = FaceSquare.Around(figure.Landmarks, FacePoints.Forehead, FacePoints.Chin, margin);
        var easel = _easels.FirstOrDefault(easel => easel.Size >= square.Side) ?? _easels[^1];
        var view = View.Of(square, easel.Size);
        Sketch(easel.Context, picture, figure, view);
        easel.Prepare(figure, square);
        await easel.Generator.GenerateAsync(easel.Batch, 1, ct);
        easel.TakeFace();
        Blend(picture, easel, square);
    }

    /// <summary>
    /// Paints what the generator looks at: the head as its light and its detail should be, with rough features, because
    /// it gives the face as much contrast as it finds.
    /// </summary>
    private void Sketch(Canvas context, Canvas picture, Figure figure, View view)
    {
        for (var y = 0; y < context.Height; y++)
        {
            for (var x = 0; x < context.Width; x++)
            {
                context[x, y] = picture.Sample(view.At(x, y));
            }
        }

        painter.Paint(context, figure, view);
        var shade = 0.5f + (0.5f * figure.Person.Look.Skin.X);
        Fill(FacePoints.RightBrow, figure.Person.Look.Hair, 0.75f);
        Fill(FacePoints.LeftBrow, figure.Person.Look.Hair, 0.75f);
        PaintEye(FacePoints.RightEye);
        PaintEye(FacePoints.LeftEye);
        Fill(FacePoints.OuterLips, Lips * shade, 0.8f);
        Fill(FacePoints.InnerLips, Mouth, 0.9f);

        void Fill(Range points, Vector3 colour, float share) =>
            ConvexShape.Around(figure.Landmarks.AsSpan(points)).Paint(context, view, (_, inside) => (colour, share * inside));

        void PaintEye(Range points)
        {
            var center = FacePoints.Mean(figure.Landmarks.AsSpan(points));
            var radius = EyeRadius * figure.Stance.Scale;
            ConvexShape.Around(figure.Landmarks.AsSpan(points)).Paint(
                context,
                view,
                (point, inside) => (Vector2.Distance(point, center) < radius ? Iris : EyeWhite * shade, inside));
        }
    }

    private static void Blend(Canvas picture, Easel easel, FaceSquare square)
    {
        var bounds = Bounds(square);
        var samples = Math.Clamp((int)MathF.Ceiling(easel.Size / square.Side), 1, MaxSamples);
        for (var y = Math.Max(0, (int)bounds.Y); y < Math.Min(picture.Height, bounds.Bottom); y++)
        {
            for (var x = Math.Max(0, (int)bounds.X); x < Math.Min(picture.Width, bounds.Right); x++)
            {
                var (colour, share) = (Vector3.Zero, 0f);
                for (var i = 0; i < samples * samples; i++)
                {
                    var (row, column) = Math.DivRem(i, samples);
                    var point = new Vector2(x + ((column + 0.5f) / samples), y + ((row + 0.5f) / samples));
                    var at = square.FromPicture(point) * easel.Size;
                    var mask = easel.Mask.Sample(at).X * Inside(at, easel.Size);
                    colour += mask * easel.Face.Sample(at);
                    share += mask;
                }

                var count = samples * samples;
                picture[x, y] = (picture[x, y] * (1 - (share / count))) + (colour / count);
            }
        }
    }

    private static float Inside(Vector2 at, int size) => at.X >= 0 && at.Y >= 0 && at.X <= size && at.Y <= size ? 1 : 0;

    private static RectF Bounds(FaceSquare square)
    {
        var reach = square.Side * MathF.Sqrt(0.5f);
        return RectF.FromCenter(square.Center.X, square.Center.Y, 2 * reach, 2 * reach);
    }

    private static float[] MakeGrain(int count)
    {
        var random = new SplitMix64(seed: 1);
        var grain = new float[count];
        foreach (ref var value in grain.AsSpan())
        {
            value = random.NextBetween(-GrainStrength, GrainStrength);
        }

        return grain;
    }

    /// <summary>A generator and its canvases.</summary>
    private sealed class Easel(SurrogateGenerator generator)
    {
        // The generator makes a face as crisp as its context: painted skin is smoother than a camera's picture of it.
        private readonly float[] _grain = MakeGrain(generator.Size * generator.Size);

        public SurrogateGenerator Generator => generator;

        public int Size => generator.Size;

        public FaceBatch Batch { get; } = generator.CreateBatch(1);

        public Canvas Context { get; } = new(generator.Size, generator.Size);

        public Canvas Face { get; } = new(generator.Size, generator.Size);

        public Canvas Mask { get; } = new(generator.Size, generator.Size);

        public void Prepare(Figure figure, FaceSquare square)
        {
            var plane = Size * Size;
            for (var c = 0; c < Canvas.PlaneCount; c++)
            {
                var target = Batch.Context(0).Slice(c * plane, plane);
                for (var i = 0; i < plane; i++)
                {
                    target[i] = Math.Clamp(Context.Plane(c)[i] + _grain[i], 0, 1);
                }
            }

            var landmarks = Batch.Landmarks(0);
            for (var i = 0; i < figure.Landmarks.Length; i++)
            {
                square.FromPicture(figure.Landmarks[i]).CopyTo(landmarks.Slice(2 * i, 2));
            }

            figure.Person.Latent.CopyTo(Batch.Latent(0));
        }

        public void TakeFace()
        {
            var plane = Size * Size;
            for (var c = 0; c < Canvas.PlaneCount; c++)
            {
                Batch.Face(0).Slice(c * plane, plane).CopyTo(Face.Plane(c));
            }

            Batch.Mask(0).CopyTo(Mask.Plane(0));
        }
    }
}
