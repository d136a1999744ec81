using FaceAnonStream.Hosting;
namespace FaceAnonStream.Cli.Commands;

/// <summary>Rows of text in aligned columns.</summary>
internal static class TextTable
{
    public static void Write(TextWriter output, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var clean = rows.Select(row => row.Select(OneLine.Clean).ToList()).ToList();
        var widths = Enumerable.Range(0, clean.Max(row => row.Count))
            .Select(column => clean.Max(row => column < row.Count ? row[column].Length : 0))
            .ToList();
        foreach (var row in clean)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
