using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Inference.Catalog;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceAnonStream.Inference;

/// <summary>A loaded ONNX model. Not thread-safe: one call at a time.</summary>
public sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;

    // What goes wrong in a call comes as an exception; ONNX Runtime's own line on stderr would only repeat it.
    private readonly RunOptions _runOptions = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly NativeCallGate _gate;
    private readonly Dictionary<string, InputTensor> _inputs = [];
    private bool _isDisposed;

    private OnnxSession(InferenceSession session, ModelIdentity model, string? fallbackReason, TimeProvider timeProvider)
    {
        _session = session;
        _binding = session.CreateIoBinding();
        _gate = new NativeCallGate(model.Name, timeProvider);
        Model = model;
        FallbackReason = fallbackReason;
        foreach (var (name, metadata) in session.InputMetadata)
        {
            if (metadata.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR && metadata.ElementDataType == TensorElementType.Float)
            {
                _inputs.Add(name, new InputTensor(name, _gate));
            }
        }
    }

    /// <summary>What was loaded and where it runs: <c>CPU</c> or <c>CUDA</c>.</summary>
    public ModelIdentity Model { get; }

    /// <summary>Why the CPU is used although CUDA's library is there, or null.</summary>
    public string? FallbackReason { get; }

    /// <summary>The model's inputs by name; a side of -1 is free.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> InputMetadata => _session.InputMetadata;

    /// <summary>The model's outputs by name; a side of -1 is free.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> OutputMetadata => _session.OutputMetadata;

    /// <summary>Loads a model and hashes it.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: the file cannot be read;
    /// <see cref="FaultOrigin.Model"/>: it is no model that ONNX Runtime can load, or not the one that its manifest
    /// describes; <see cref="FaultOrigin.Node"/>: ONNX Runtime, or the CUDA that was asked for, does not work here.</exception>
    public static OnnxSession Load(ModelSource source, OnnxSessionOptions options, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        OnnxRuntime.Initialize();
        var (bytes, sha256) = source.ReadVerified();
        string? cudaProblem = null;
        if (options.Provider == ProviderPreference.Cuda
            || (options.Provider == ProviderPreference.Auto && OnnxRuntime.HasCudaProvider()))
        {
            try
            {
                var onCuda = Create(bytes, options.EffectiveThreads, cuda: true);
                return new OnnxSession(onCuda, new ModelIdentity(source.Name, sha256, "CUDA"), null, timeProvider);
            }
            catch (OnnxRuntimeException exception)
            {
                cudaProblem = OnnxRuntime.Describe(exception);
            }
        }

        try
        {
            var onCpu = Create(bytes, options.EffectiveThreads, cuda: false);
            if (options.Provider == ProviderPreference.Cuda)
            {
                onCpu.Dispose();
                throw new FaultException(FaultOrigin.Node, $"CUDA does not work here ({cudaProblem}); the CPU would");
            }

            return new OnnxSession(onCpu, new ModelIdentity(source.Name, sha256, "CPU"), cudaProblem, timeProvider);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new FaultException(
                FaultOrigin.Model,
                $"{source.Name}: not an ONNX model that ONNX Runtime can load ({OnnxRuntime.Describe(exception)})",
                exception);
        }
    }

    /// <summary>The memory of a float input. Every input must be written before <see cref="RunAsync"/>.</summary>
    public InputTensor Input(string name) => _inputs[name];

    /// <summary>Runs the model on what its inputs hold; the caller disposes the result.</summary>
    /// <param name="outputNames">Which outputs to compute; the result has the same order.</param>
    /// <param name="timeout">After this the call is told to stop and fails.</param>
    /// <param name="ct">Tells the call to stop.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: inference failed, overstayed, or an
    /// earlier call that was given up still runs.</exception>
    public async Task<IDisposableReadOnlyCollection<OrtValue>> RunAsync(
        IReadOnlyCollection<string> outputNames, TimeSpan timeout, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _gate.ThrowIfShut();
        _runOptions.Terminate = false;
        foreach (var input in _inputs.Values)
        {
            input.ThrowIfNotWritten();
        }

        try
        {
            return await _gate.RunAsync(
                () => Run(outputNames),
                () => _runOptions.Terminate = true,
                timeout,
                ct).ConfigureAwait(false);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new FaultException(
                FaultOrigin.Model, $"{Model.Name}: inference failed ({OnnxRuntime.Describe(exception)})", exception);
        }
    }

    /// <summary>Frees the model, at the latest when a call that was given up has returned.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _runOptions.Terminate = true;
            _gate.ReleaseWhenIdle(Release);
        }
    }

    private static InferenceSession Create(byte[] model, int threads, bool cuda)
    {
        using var options = OnnxRuntime.CreateSessionOptions(threads, cuda);
        return new InferenceSession(model, options);
    }

    /// <summary>
    /// Binds, runs and unbinds, on one thread. A device reads the inputs from, and writes the outputs to, the CPU's memory
    /// while it is bound. Outputs are bound anew each time: their shapes may change, and the caller owns the last ones.
    /// </summary>
    private IDisposableReadOnlyCollection<OrtValue> Run(IReadOnlyCollection<string> outputNames)
    {
        try
        {
            foreach (var input in _inputs.Values)
            {
                _binding.BindInput(input.Name, input.Value);
            }

            foreach (var name in outputNames)
            {
                _binding.BindOutputToDevice(name, OrtMemoryInfo.DefaultInstance);
            }

            _binding.SynchronizeBoundInputs();
            _session.RunWithBinding(_runOptions, _binding);
            _binding.SynchronizeBoundOutputs();
            return _binding.GetOutputValues();
        }
        finally
        {
            _binding.ClearBoundOutputs();
            _binding.ClearBoundInputs();
        }
    }

    private void Release()
    {
        _binding.Dispose();
        foreach (var input in _inputs.Values)
        {
            input.Release();
        }

        _session.Dispose();
        _runOptions.Dispose();
    }
}
