using System.Text.RegularExpressions;

namespace FaceAnonStream.Media.Processes;

/// <summary>The bounded end of what a child wrote to standard error.</summary>
internal sealed partial class StderrTail
{
    private const int MaxLines = 20;
    private const int MaxLineLength = 400;
    private const char Cut = '…';
    private readonly Queue<string> _lines = new(MaxLines);
    private readonly Lock _gate = new();

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>
    /// The line that says most: the first one with ffmpeg's words for a cause, else the last that is not a mere
    /// consequence. Component addresses such as <c>[mov @ 0x55f1]</c> are left out.
    /// </summary>
    public string Reason
    {
        get
        {
            var lines = Lines.Select(line => ComponentAddress().Replace(line, "").Trim()).Where(line => line.Length > 0).ToArray();
            return lines.FirstOrDefault(line => Cause().IsMatch(line)) ?? lines.LastOrDefault(line => !Consequence().IsMatch(line)) ?? "";
        }
    }

    /// <summary>Reads to the end. Long lines are cut, early lines forgotten: memory is bounded whatever the child writes.</summary>
    public async Task DrainAsync(StreamReader reader)
    {
        var buffer = new char[1024];
        var line = new System.Text.StringBuilder();
        int read;
        while ((read = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            foreach (var character in buffer.AsSpan(0, read))
            {
                if (character is '\n' or '\r')
                {
                    Add(line);
                }
                else if (line.Length < MaxLineLength)
                {
                    line.Append(character);
                }
            }
        }

        Add(line);
    }

    private void Add(System.Text.StringBuilder line)
    {
        if (line.Length == 0)
        {
            return;
        }

        var text = line.ToString();
        if (line.Length == MaxLineLength)
        {
            // Part of a word could be part of a secret, which nobody would recognise any more.
            text = text[..(text.LastIndexOf(' ') + 1)] + Cut;
        }

        lock (_gate)
        {
            if (_lines.Count == MaxLines)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(text);
        }

        line.Clear();
    }

    [GeneratedRegex(@"\[[^\]]* @ 0x[0-9a-f]+\] ?")]
    private static partial Regex ComponentAddress();

    [GeneratedRegex("No space left|Permission denied|Unknown encoder|Invalid NAL|corrupt|moov atom|certificate|not found|Unable to|Could not|does not support|not currently supported")]
    private static partial Regex Cause();

    [GeneratedRegex("^(Conversion failed!|Last message repeated|Error while filtering|Failed to inject frame|Exiting normally)")]
    private static partial Regex Consequence();
}
