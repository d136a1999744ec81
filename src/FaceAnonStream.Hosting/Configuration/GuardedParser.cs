using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>
/// A YAML parser that only ever fails with a <see cref="YamlException"/>: YamlDotNet answers some malformed files with
/// exceptions of other types, which would look like our own bugs.
/// </summary>
public sealed class GuardedParser(string text) : IParser
{
    private readonly Parser _parser = new(new StringReader(text));

    public ParsingEvent? Current => _parser.Current;

    public bool MoveNext()
    {
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception exception) when (exception is not YamlException)
        {
            var where = Current?.End ?? Mark.Empty;
            throw new YamlException(where, where, "the text from here on makes no sense", exception);
        }
    }
}
