using System.Globalization;
using System.Text.RegularExpressions;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Service;

/// <summary>What the page's files promise without a browser.</summary>
public sealed partial class PageFilesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "src", "FaceAnonStream.Service", "Page", "files");

    [Fact]
    public void Files_Together_AreSmall() =>
        Directory.EnumerateFiles(Folder).Sum(path => new FileInfo(path).Length).ShouldBeLessThan(60_000);

    [Fact]
    public void Files_OfAnyKind_NameNoOtherSiteAndBuildNoHtmlFromText()
    {
        foreach (var path in Directory.EnumerateFiles(Folder))
        {
            var text = File.ReadAllText(path).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            text.ShouldNotContain("://", Case.Sensitive, path);
            text.ShouldNotContain("innerHTML", Case.Sensitive, path);
            text.ShouldNotContain("style=\"", Case.Sensitive, path);
        }
    }

    /// <summary>WCAG 2.2, success criteria 1.4.3 and 1.4.11.</summary>
    [Theory]
    [InlineData("text", "card", 4.5)]
    [InlineData("text", "page", 4.5)]
    [InlineData("quiet", "card", 4.5)]
    [InlineData("quiet", "page", 4.5)]
    [InlineData("accent", "card", 4.5)]
    [InlineData("on-accent", "accent", 4.5)]
    [InlineData("card", "failed", 4.5)]
    [InlineData("failed", "card", 4.5)]
    [InlineData("running", "running-back", 4.5)]
    [InlineData("starting", "starting-back", 4.5)]
    [InlineData("degraded", "degraded-back", 4.5)]
    [InlineData("failed", "failed-back", 4.5)]
    [InlineData("stopped", "stopped-back", 4.5)]
    [InlineData("accent", "page", 3)]
    public void Colours_LightAndDark_CanBeTold(string front, string back, double least)
    {
        var schemes = File.ReadAllText(Path.Combine(Folder, "style.css")).Split("prefers-color-scheme: dark")[..2];
        foreach (var scheme in schemes)
        {
            var colours = Colour().Matches(scheme).GroupBy(match => match.Groups[1].Value)
                .ToDictionary(group => group.Key, group => group.First().Groups[2].Value);
            Contrast(colours[front], colours[back]).ShouldBeGreaterThanOrEqualTo(least, $"{colours[front]} on {colours[back]}");
        }
    }

    private static double Contrast(string one, string other)
    {
        double[] light = [Luminance(one), Luminance(other)];
        return (light.Max() + 0.05) / (light.Min() + 0.05);
    }

    private static double Luminance(string colour)
    {
        var digits = colour.Length == 3 ? string.Concat(colour.Select(digit => $"{digit}{digit}")) : colour;
        var parts = Enumerable.Range(0, 3).Select(i => int.Parse(digits.AsSpan(2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4)).ToArray();
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    [GeneratedRegex("--([a-z-]+): #([0-9a-f]{3,6});")]
    private static partial Regex Colour();
}
