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
    public static OptionsResult Read(string path, FaceAnonOptions defaults) =>
        TryReadText(path, out var content) ? YamlReader.Read(path, content, defaults) : OptionsResult.Failed(content);

    /// <summary>Reads a file of settings as text.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its text, or what is wrong with it.</param>
    internal static bool TryReadText(string path, out string content)
    {
        try
        {
            if (Directory.Exists(path))
            {
                content = $"{path}: is a directory; allowed a YAML file";
                return false;
            }

            using var stream = File.OpenRead(path);
            var bytes = new byte[MaxBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxBytes)
            {
                content = $"{path}: larger than 1 MiB; allowed a YAML file of settings";
                return false;
            }

            content = StrictUtf8.GetString(bytes, 0, length).TrimStart(ByteOrderMark);
            if (!content.Contains('\0', StringComparison.Ordinal))
            {
                return true;
            }

            content = NotText(path);
        }
        catch (DecoderFallbackException)
        {
            content = NotText(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            content = $"{path}: no such file";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            content = $"{path}: cannot be read ({exception.Message})";
        }

        return false;
    }

    private static string NotText(string path) => $"{path}: not text in UTF-8; allowed a YAML file";
}
