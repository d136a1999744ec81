using System.Runtime.InteropServices;
using FaceAnonStream.Faults;
using Microsoft.ML.OnnxRuntime;

namespace FaceAnonStream.Inference;

/// <summary>The process-wide part of ONNX Runtime.</summary>
internal static partial class OnnxRuntime
{
    private const string CudaProviderLibrary = "libonnxruntime_providers_cuda.so";

    // The first environment of a process sets the log level of them all; the default one writes warnings to stderr.
    private static readonly Lazy<OrtEnv> Environment = new(() =>
    {
        // Official builds report usage to Microsoft, with a device id, unless this is set before the library wakes up.
        // The runtime's own copy of the environment does not reach native code.
        _ = SetNativeVariable("ORT_DISABLE_TELEMETRY", "1", overwrite: 1);
        if (OrtEnv.IsCreated)
        {
            return OrtEnv.Instance();
        }

        var options = new EnvironmentCreationOptions
        {
            logId = "faceanon",
            logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        var environment = OrtEnv.CreateInstanceWithOptions(ref options);
        environment.DisableTelemetryEvents();
        return environment;
    });

    /// <summary>Loads the native library and creates the environment, once.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Node"/>: the library does not load here.</exception>
    public static void Initialize()
    {
        try
        {
            _ = Environment.Value;
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or TypeInitializationException)
        {
            throw new FaultException(FaultOrigin.Node, "ONNX Runtime's native library does not load on this machine", exception);
        }
    }

    /// <summary>Whether the library that brings CUDA lies where ONNX Runtime looks for it.</summary>
    public static bool HasCudaProvider()
    {
        var searched = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory);
        return searched.Any(folder => File.Exists(Path.Combine(folder, CudaProviderLibrary)));
    }

    /// <summary>Options of a session on the CPU, or on CUDA with the CPU for what CUDA lacks.</summary>
    /// <exception cref="OnnxRuntimeException">CUDA does not load.</exception>
    public static SessionOptions CreateSessionOptions(int threads, bool cuda)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            // Several sessions, the decoder and the encoder share the cores: waiting threads must sleep, not spin.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            if (cuda)
            {
                // The overload without options calls a symbol that a build without CUDA does not export.
                using var cudaOptions = new OrtCUDAProviderOptions();
                options.AppendExecutionProvider_CUDA(cudaOptions);
            }

            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    /// <summary>ONNX Runtime's messages as one line.</summary>
    public static string Describe(OnnxRuntimeException exception) =>
        string.Join(' ', exception.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
