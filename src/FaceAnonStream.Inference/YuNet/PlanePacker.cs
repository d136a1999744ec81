using System.Numerics;
using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Inference.YuNet;

/// <summary>
/// Turns a region of a frame's planes into a network's input: area-averaged when shrinking, linear when enlarging, B, G, R
/// planes of 0 to 255, zero beside the content. Not thread-safe: it keeps its scratch memory.
/// </summary>
internal sealed class PlanePacker
{
    private readonly FrameFormat _format;
    private readonly DetectionView _view;
    private readonly int _tensorWidth;
    private readonly int _tensorHeight;
    private readonly AxisTaps[] _columns;
    private readonly AxisTaps[] _rows;
    private readonly float[] _blended;
    private readonly float[][] _scaled;

    /// <param name="format">Format of the frames.</param>
    /// <param name="view">What of the frame, and how large.</param>
    /// <param name="tensorWidth">At least the content's width.</param>
    /// <param name="tensorHeight">At least the content's height.</param>
    public PlanePacker(FrameFormat format, DetectionView view, int tensorWidth, int tensorHeight)
    {
        _format = format;
        _view = view;
        _tensorWidth = tensorWidth;
        _tensorHeight = tensorHeight;
        _columns = new AxisTaps[FrameFormat.PlaneCount];
        _rows = new AxisTaps[FrameFormat.PlaneCount];
        for (var plane = 0; plane < FrameFormat.PlaneCount; plane++)
        {
            var x = plane == 0 ? 1.0 : 1.0 / (1 << format.PixelFormat.ChromaShiftX);
            var y = plane == 0 ? 1.0 : 1.0 / (1 << format.PixelFormat.ChromaShiftY);
            var region = view.Region;
            _columns[plane] = new AxisTaps(region.X * x, region.Width * x, format.PlaneWidth(plane), view.ContentWidth);
            _rows[plane] = new AxisTaps(region.Y * y, region.Height * y, format.PlaneHeight(plane), view.ContentHeight);
        }

        _blended = new float[format.Width];
        _scaled = [new float[view.ContentWidth], new float[view.ContentWidth], new float[view.ContentWidth]];
    }

    /// <summary>Writes every value of <paramref name="chw"/>, which holds 3 x height x width.</summary>
    public void Pack(VideoFrame frame, Span<float> chw)
    {
        chw.Clear();
        var plane = _tensorWidth * _tensorHeight;
        for (var y = 0; y < _view.ContentHeight; y++)
        {
            for (var i = 0; i < FrameFormat.PlaneCount; i++)
            {
                if (_format.PixelFormat.BytesPerSample == 1)
                {
                    ScaleRow<byte>(frame.Plane8(i), i, y);
                }
                else
                {
                    ScaleRow<ushort>(frame.Plane16(i), i, y);
                }
            }

            var start = y * _tensorWidth;
            ToBgr(chw[start..], chw[(plane + start)..], chw[((2 * plane) + start)..]);
        }
    }

    private void ScaleRow<T>(ReadOnlyPlaneView<T> samples, int plane, int y)
        where T : unmanaged, INumberBase<T>
    {
        var columns = _columns[plane];
        var used = _blended.AsSpan(columns.First, columns.Last + 1 - columns.First);
        used.Clear();
        var rowWeights = _rows[plane].Weights(y, out var firstRow);
        for (var k = 0; k < rowWeights.Length; k++)
        {
            var row = samples.Row(firstRow + k).Slice(columns.First, used.Length);
            for (var x = 0; x < used.Length; x++)
            {
                used[x] += rowWeights[k] * float.CreateTruncating(row[x]);
            }
        }

        var scaled = _scaled[plane];
        for (var x = 0; x < scaled.Length; x++)
        {
            var weights = columns.Weights(x, out var first);
            var sum = 0f;
            for (var k = 0; k < weights.Length; k++)
            {
                sum += weights[k] * _blended[first + k];
            }

            scaled[x] = sum;
        }
    }

    private void ToBgr(Span<float> blue, Span<float> green, Span<float> red)
    {
        var (kr, kb) = _format.Color.Matrix switch
        {
            YuvMatrix.Bt601 => (0.299f, 0.114f),
            YuvMatrix.Bt709 => (0.2126f, 0.0722f),
            _ => (0.2627f, 0.0593f),
        };
        var kg = 1 - kr - kb;
        float unit = 1 << (_format.PixelFormat.BitDepth - 8);
        var full = (256 * unit) - 1;
        var (black, lumaGain, chromaGain) = _format.Color.FullRange
            ? (0f, 255 / full, 255 / full)
            : (16 * unit, 255 / (219 * unit), 255 / (224 * unit));
        for (var x = 0; x < _view.ContentWidth; x++)
        {
            var luma = (_scaled[0][x] - black) * lumaGain;
            var cb = (_scaled[1][x] - (128 * unit)) * chromaGain;
            var cr = (_scaled[2][x] - (128 * unit)) * chromaGain;
            var r = luma + (2 * (1 - kr) * cr);
            var b = luma + (2 * (1 - kb) * cb);
            var g = (luma - (kr * r) - (kb * b)) / kg;
            blue[x] = Math.Clamp(b, 0, 255);
            green[x] = Math.Clamp(g, 0, 255);
            red[x] = Math.Clamp(r, 0, 255);
        }
    }

    /// <summary>Which samples, with which weights, make each output sample along one axis.</summary>
    private sealed class AxisTaps
    {
        private readonly int[] _first;
        private readonly float[][] _weights;

        public AxisTaps(double start, double length, int samples, int outputs)
        {
            _first = new int[outputs];
            _weights = new float[outputs][];
            // Shrinking averages the footprint; enlarging interpolates, which is a footprint one sample wide.
            var step = length / outputs;
            var width = Math.Max(step, 1);
            for (var i = 0; i < outputs; i++)
            {
                var from = Math.Clamp(start + ((i + 0.5) * step) - (width / 2), 0, samples - 1);
                var to = Math.Clamp(from + width, from + 1e-6, samples);
                var first = (int)from;
                var last = Math.Min(samples - 1, (int)Math.Ceiling(to) - 1);
                var weights = new float[last - first + 1];
                for (var k = first; k <= last; k++)
                {
                    weights[k - first] = (float)((Math.Min(to, k + 1) - Math.Max(from, k)) / (to - from));
                }

                _first[i] = first;
                _weights[i] = weights;
            }

            First = _first[0];
            Last = _first[^1] + _weights[^1].Length - 1;
        }

        public int First { get; }

        public int Last { get; }

        public ReadOnlySpan<float> Weights(int output, out int first)
        {
            first = _first[output];
            return _weights[output];
        }
    }
}
