using Microsoft.ML.OnnxRuntime;

namespace FaceAnonStream.Inference;

/// <summary>
/// One float input of a session: pinned memory that is written in place and kept between calls. Owned by the session.
/// </summary>
public sealed class InputTensor
{
    private readonly NativeCallGate _gate;
    private float[] _memory = [];
    private int _length;
    private long[] _shape = [];
    private OrtValue? _value;

    internal InputTensor(string name, NativeCallGate gate)
    {
        Name = name;
        _gate = gate;
    }

    public string Name { get; }

    internal OrtValue Value => _value ?? throw new InvalidOperationException($"input {Name} was not written");

    /// <exception cref="InvalidOperationException">There is nothing to run on.</exception>
    internal void ThrowIfNotWritten() => _ = Value;

    /// <summary>Gives the tensor a shape and returns its memory, row-major. The content is whatever was there.</summary>
    /// <exception cref="Faults.FaultException">Origin Model: a call that was given up still reads this memory.</exception>
    public Span<float> Reshape(params ReadOnlySpan<long> shape)
    {
        _gate.ThrowIfShut();
        if (_value is null || !shape.SequenceEqual(_shape))
        {
            Release();
            Allocate(shape);
        }

        return _memory.AsSpan(0, _length);
    }

    internal void Release()
    {
        _value?.Dispose();
        _value = null;
    }

    private void Allocate(ReadOnlySpan<long> shape)
    {
        var length = 1L;
        foreach (var side in shape)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(side, 1, nameof(shape));
            length = checked(length * side);
        }

        _length = checked((int)length);
        if (_memory.Length < _length)
        {
            _memory = GC.AllocateUninitializedArray<float>(_length, pinned: true);
        }

        _shape = shape.ToArray();
        _value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _memory.AsMemory(0, _length), _shape);
    }
}
