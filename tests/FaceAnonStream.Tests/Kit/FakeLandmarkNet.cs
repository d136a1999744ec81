using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Tests.Kit;

/// <summary>A landmark net that answers what the test wants and remembers where it looked.</summary>
internal sealed class FakeLandmarkNet(int pointCount, Func<VideoFrame, FaceSquare, LandmarkReading> answer) : ILandmarkNet
{
    public ModelIdentity Model { get; } = new("fake landmarks", new string('0', 64), "CPU");

    public int PointCount => pointCount;

    public float CropFactor => 1.25f;

    /// <summary>Frame and squares of each call.</summary>
    public List<(long Frame, IReadOnlyList<FaceSquare> Squares)> Calls { get; } = [];

    /// <summary>What a call waits for before it answers.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async ValueTask<IReadOnlyList<LandmarkReading>> ReadAsync(
        VideoFrame frame, IReadOnlyList<FaceSquare> squares, CancellationToken ct)
    {
        Calls.Add((frame.Index, squares));
        await Gate.WaitAsync(ct);
        return [.. squares.Select(square => answer(frame, square))];
    }

    public void Dispose()
    {
    }
}
