using System.Text;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>Reads a configuration file from disk.</summary>
public static class ConfigurationFile
{
    /// <summary>A file of settings is a few KiB; anything this large is another file given by mistake.</summary>
    public const int MaxBytes = 1 << 20;

    private const char ByteOrderMark = '\uFEFF';

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="path">The file.</param>
    /// <param name="defaults">What settings are where the file says nothing.</param>
    public static OptionsResult Read(string path, FaceAnonOptions defaults)
    {
        try
        {
            if (Directory.Exists(path))
            {
                return OptionsResult.Failed($"{path}: is a directory; allowed a YAML file");
            }

            using var stream = File.OpenRead(path);
            var bytes = new byte[MaxBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxBytes)
            {
                return OptionsResult.Failed($"{path}: larger than 1 MiB; allowed a YAML file of settings");
            }

            var text = StrictUtf8.GetString(bytes, 0, length).TrimStart(ByteOrderMark);
            return text.Contains('\0', StringComparison.Ordinal) ? NotText(path) : YamlReader.Read(path, text, defaults);
        }
        catch (DecoderFallbackException)
        {
            return NotText(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return OptionsResult.Failed($"{path}: no such file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return OptionsResult.Failed($"{path}: cannot be read ({exception.Message})");
        }
    }

    private static OptionsResult NotText(string path) =>
        OptionsResult.Failed($"{path}: not text in UTF-8; allowed a YAML file");
}
