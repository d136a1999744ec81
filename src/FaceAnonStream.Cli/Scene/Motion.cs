using System.Numerics;
using FaceAnonStream.Identity;

namespace FaceAnonStream.Cli.Scene;

/// <summary>Where a person is and what they do at one moment. Angles in radians.</summary>
/// <param name="Head">The head's pivot in the picture.</param>
/// <param name="Scale">Pixels per face unit; a face is about 3.2 units high.</param>
/// <param name="Yaw">Head turned to the picture's right.</param>
/// <param name="Pitch">Head bowed.</param>
/// <param name="Roll">Head tilted clockwise.</param>
/// <param name="BodyYaw">Body turned to the picture's right.</param>
/// <param name="Swing">How far the arms and legs swing; 0 stands still.</param>
/// <param name="Expression">What the face does.</param>
internal readonly record struct Stance(
    Vector2 Head, float Scale, float Yaw, float Pitch, float Roll, float BodyYaw, float Swing, Expression Expression);

/// <summary>How one person moves: a pure function of time, in sums of slow waves, so that nothing ever jumps.</summary>
internal sealed class Motion
{
    private const float Degree = MathF.PI / 180;
    private const float MaxYaw = 40 * Degree;
    private const float StepsPerSecond = 1.8f;
    private const float SyllablesPerSecond = 3.1f;
    private const float BlinkSeconds = 0.22f;

    private readonly Vector2 _home;
    private readonly float _scale;
    private readonly bool _walks;
    private readonly float _reach;
    private readonly float _period;
    private readonly float _approach;
    private readonly float _parallax;
    private readonly float _phase;
    private readonly float _glance;
    private readonly float _nod;
    private readonly float _blink;
    private readonly float _smile;

    /// <param name="stage">The picture.</param>
    /// <param name="index">From 0, the nearest person: even ones stand and talk, odd ones walk through and come back.</param>
    /// <param name="people">How many there are.</param>
    /// <param name="random">Decides the rest.</param>
    public Motion(Stage stage, int index, int people, ref SplitMix64 random)
    {
        _walks = index % 2 == 1;
        _scale = stage.Scale(index, people);
        _parallax = _scale / stage.Scale(0, people);
        _phase = random.NextBetween(0, MathF.Tau);
        _glance = random.NextBetween(0, MathF.Tau);
        _nod = random.NextBetween(0, MathF.Tau);
        _blink = random.NextBetween(0, 3);
        _smile = random.NextBetween(-0.4f, 0.9f);
        _approach = _walks ? random.NextBetween(0.02f, 0.08f) : random.NextBetween(0.04f, 0.15f);
        var place = (index + 0.5f + random.NextBetween(-0.2f, 0.2f)) / people;
        _home = new Vector2(_walks ? stage.Width / 2 : stage.Width * (0.12f + (0.76f * place)), stage.EyeLevel(_scale, ref random));

        // Far enough to leave the picture on both sides, with everything that belongs to the person.
        _reach = _walks ? (stage.Width / 2) + (7 * _scale) : stage.Width * 0.03f;
        _period = _walks ? random.NextBetween(9, 11) : random.NextBetween(5, 8);
    }

    /// <param name="seconds">Time from the scene's start.</param>
    /// <param name="pan">How far the camera has moved to the right, in pixels of the nearest person's depth.</param>
    public Stance At(float seconds, float pan)
    {
        var turn = (MathF.Tau * seconds / _period) + _phase;
        var heading = MathF.Cos(turn);
        var scale = _scale * (1 + (_approach * MathF.Sin((0.71f * turn) + _nod)));
        var bob = _walks ? 0.08f * MathF.Abs(MathF.Sin(MathF.PI * StepsPerSecond * seconds)) : 0;
        var head = _home + new Vector2((_reach * MathF.Sin(turn)) - (pan * _parallax), -bob * scale);
        var yaw = (_walks ? 24 * heading : 0) + ((_walks ? 10 : 27) * MathF.Sin((MathF.Tau * seconds / 3.9f) + _glance));
        return new Stance(
            head,
            scale,
            Math.Clamp(yaw * Degree, -MaxYaw, MaxYaw),
            ((7 * MathF.Sin((MathF.Tau * seconds / 2.7f) + _nod)) + 2) * Degree,
            7 * Degree * MathF.Sin((MathF.Tau * seconds / 5.3f) + _glance + 1),
            (_walks ? 55 * heading : 12 * MathF.Sin(turn)) * Degree,
            _walks ? 0.5f * MathF.Sin(MathF.PI * StepsPerSecond * seconds) : 0.03f * MathF.Sin(turn),
            ExpressionAt(seconds));
    }

    private Expression ExpressionAt(float seconds)
    {
        // People who stand talk: syllables, in phrases.
        var phrase = _walks ? 0 : SmoothStep(-0.2f, 0.3f, MathF.Sin((MathF.Tau * seconds / 4.4f) + _phase));
        var syllable = MathF.Sin(MathF.Tau * SyllablesPerSecond * seconds) + (0.6f * MathF.Sin((MathF.Tau * 1.9f * seconds) + _nod));
        var open = phrase * MathF.Max(0, 0.7f + syllable);
        var sinceBlink = (seconds + _blink) % (2.6f + (_blink / 3));
        var lid = sinceBlink < BlinkSeconds ? MathF.Sin(MathF.PI * sinceBlink / BlinkSeconds) : 0;
        return new Expression(
            -0.4f + (1.5f * open),
            (0.5f * _smile) - (0.3f * phrase * syllable),
            _smile,
            0.3f - (3.2f * lid),
            0.6f * MathF.Sin((MathF.Tau * seconds / 3.3f) + _phase));
    }

    private static float SmoothStep(float low, float high, float value)
    {
        var t = Math.Clamp((value - low) / (high - low), 0, 1);
        return t * t * (3 - (2 * t));
    }
}

/// <summary>The picture as a stage: people of one height, seen by a camera at eye level.</summary>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
internal readonly record struct Stage(int Width, int Height)
{
    /// <summary>Width of a face in face units.</summary>
    public const float FaceWidth = 2.6f;

    private const float NearestFace = 0.17f;
    private const float FarthestFace = 0.055f;
    private const float LeastFacePx = 34;

    /// <summary>Pixels per face unit of the <paramref name="index"/>-th person: even steps of size, nearest first.</summary>
    public float Scale(int index, int people)
    {
        var depth = people == 1 ? 0 : (float)index / (people - 1);
        var share = NearestFace * MathF.Pow(FarthestFace / NearestFace, depth);
        return MathF.Max(share * Height, MathF.Min(LeastFacePx, NearestFace * Height)) / FaceWidth;
    }

    /// <summary>Height of a head in the picture: near the horizon, whatever the distance.</summary>
    public float EyeLevel(float scale, ref SplitMix64 random) => (Horizon * Height) + (scale * random.NextBetween(-1.2f, 0.8f));

    public const float Horizon = 0.4f;
}
