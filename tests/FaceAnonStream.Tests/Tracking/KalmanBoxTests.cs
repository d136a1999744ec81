using FaceAnonStream.Frames;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Tracking;

public class KalmanBoxTests
{
    private static readonly RectF Unit = RectF.FromCenter(100, 80, 20, 20);

    [Fact]
    public void Predict_HalfASecondAfterStart_MatchesHandComputation()
    {
        var state = KalmanBox.Start(Unit).Predict(0.5);

        // Size² is 400: R = 0.05²·400 = 1, P11 = 3²·400 = 3600, q = 4·400 = 1600.
        state.ValueVariance[0].ShouldBe(1 + (0.25 * 3600) + (1600 * 0.125 / 3), 1e-3);
        state.Covariance[0].ShouldBe((0.5 * 3600) + (1600 * 0.25 / 2), 1e-3);
        state.RateVariance[0].ShouldBe(3600 + (1600 * 0.5), 1e-3);
        state.Value[0].ShouldBe(100);
    }

    [Fact]
    public void Update_AfterPrediction_MatchesMatrixReference()
    {
        double[] steps = [0.04, 0.02, 0.2, 0.04, 0.001, 1.5, 0.04];
        var random = new Random(1);
        var state = KalmanBox.Start(Unit);
        var reference = new Reference(100, 0, 1, 0, 0, 3600);
        foreach (var step in steps)
        {
            // Sides never change, so that noise has one size throughout and the reference may take constants.
            var measured = RectF.FromCenter(100 + random.Next(-9, 10), 80, 20, 20);
            state = state.Predict(step).Update(measured);
            reference = reference.Predict(step, 1600).Update(measured.CenterX, 1);

            state.Value[0].ShouldBe(reference.X, 1e-3);
            state.Rate[0].ShouldBe(reference.V, 1e-3);
            state.ValueVariance[0].ShouldBe(reference.A, 1e-4);
            state.Covariance[0].ShouldBe(reference.B, 1e-3);
            state.RateVariance[0].ShouldBe(reference.D, 1e-2);
        }
    }

    [Fact]
    public void Update_SteadyMotionAndZoom_LearnsBothRates()
    {
        var state = KalmanBox.Start(Moving(0));
        for (var frame = 1; frame <= 50; frame++)
        {
            state = state.Predict(0.04).Update(Moving(frame * 0.04));
        }

        state.Rate[0].ShouldBe(60, 1);
        state.Rate[1].ShouldBe(-30, 1);
        state.Rate[2].ShouldBe(0.3, 0.02);
        state.Rate[3].ShouldBe(0.3, 0.02);
        BoxSpace.ToBox(state.Value).IntersectionOverUnion(Moving(2)).ShouldBeGreaterThan(0.95f);
    }

    [Fact]
    public void Coast_LongUnseen_StopsAfterTheWayOfTheDecayTime()
    {
        var state = KalmanBox.Start(Moving(0));
        for (var frame = 1; frame <= 50; frame++)
        {
            state = state.Predict(0.04).Update(Moving(frame * 0.04));
        }

        state.Coast(0, 0.5).CenterX.ShouldBe((float)state.Value[0], 1e-3f);
        state.Coast(0.04, 0.5).CenterX.ShouldBe(Moving(2.04).CenterX, 0.5f);
        state.Coast(60, 0.5).CenterX.ShouldBe((float)(state.Value[0] + (state.Rate[0] * 0.5)), 1e-2f);
        state.Coast(60, 60).Width.ShouldBe((float)Math.Exp(state.Value[2]) * 2, 1e-2f);
    }

    private static RectF Moving(double seconds)
    {
        var size = (float)(20 * Math.Exp(0.3 * seconds));
        return RectF.FromCenter((float)(100 + (60 * seconds)), (float)(200 - (30 * seconds)), size, size);
    }

    /// <summary>The textbook filter with the covariance as a full matrix [A, B; C, D] and Joseph's form of the update.</summary>
    private sealed record Reference(double X, double V, double A, double B, double C, double D)
    {
        public Reference Predict(double t, double q) => new(
            X + (t * V),
            V,
            A + (t * C) + (t * (B + (t * D))) + (q * t * t * t / 3),
            B + (t * D) + (q * t * t / 2),
            C + (t * D) + (q * t * t / 2),
            D + (q * t));

        public Reference Update(double z, double r)
        {
            var (k0, k1) = (A / (A + r), C / (A + r));
            var (i, j) = (1 - k0, -k1);
            return new Reference(
                X + (k0 * (z - X)),
                V + (k1 * (z - X)),
                (i * A * i) + (k0 * r * k0),
                (i * ((A * j) + B)) + (k0 * r * k1),
                (((j * A) + C) * i) + (k1 * r * k0),
                (((j * A) + C) * j) + (j * B) + D + (k1 * r * k1));
        }
    }
}
