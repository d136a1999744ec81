using FaceAnonStream.Models;

namespace FaceAnonStream.Inference.Generation;

/// <summary>How a graph writes pictures: the order of their channels, and what black and white are.</summary>
internal readonly struct PictureCode
{
    private readonly bool _isBgr;
    private readonly float _black;
    private readonly float _white;

    private PictureCode(bool isBgr, float black, float white)
    {
        _isBgr = isBgr;
        _black = black;
        _white = white;
    }

    /// <summary>What a manifest says of a tensor: RGB from 0 to 1 where it says nothing.</summary>
    public static PictureCode Of(ModelTensor tensor) =>
        new(tensor.Colour == "BGR", (float)(tensor.Range?[0] ?? 0), (float)(tensor.Range?[1] ?? 1));

    /// <summary>From RGB, 0 to 1, in place.</summary>
    public void Encode(Span<float> chw)
    {
        foreach (ref var value in chw)
        {
            value = _black + (value * (_white - _black));
        }

        SwapChannels(chw);
    }

    /// <summary>To RGB, 0 to 1, in place; what is darker than black or lighter than white is cut off.</summary>
    public void Decode(Span<float> chw)
    {
        foreach (ref var value in chw)
        {
            value = Math.Clamp((value - _black) / (_white - _black), 0, 1);
        }

        SwapChannels(chw);
    }

    private void SwapChannels(Span<float> chw)
    {
        var plane = chw.Length / 3;
        for (var i = 0; _isBgr && i < plane; i++)
        {
            (chw[i], chw[(2 * plane) + i]) = (chw[(2 * plane) + i], chw[i]);
        }
    }
}
