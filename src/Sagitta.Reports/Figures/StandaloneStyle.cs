using System.Text.RegularExpressions;

namespace Sagitta.Reports.Figures;

/// <summary>
/// The style sheet of a figure that is a file of its own. Many programs that draw SVG know no variables of style sheets and no dark mode,
/// so here every colour stands where it is used, in the tones of a light page.
/// </summary>
internal static partial class StandaloneStyle
{
    /// <summary>The style sheet.</summary>
    public static string Text { get; } = Resolve(Asset.Read("figure.css"));

    private static string Resolve(string css)
    {
        css = Dark().Replace(css, "");
        Dictionary<string, string> values = [];
        foreach (Match variable in Variable().Matches(Root().Match(css).Value))
        {
            values[variable.Groups["name"].Value] = variable.Groups["value"].Value;
        }

        Dictionary<string, string> series = [];
        foreach (Match rule in Series().Matches(css))
        {
            series[rule.Groups["class"].Value] = values[rule.Groups["name"].Value];
        }

        css = Series().Replace(Root().Replace(css, ""), "");
        css = Rule().Replace(css, rule => !rule.Value.Contains("var(--c)", StringComparison.Ordinal) ? rule.Value
            : string.Join('\n', series.Select(s => string.Join(", ", rule.Groups["selectors"].Value.Split(',')
                .Select(selector => $".{s.Key} {selector.Trim()}")) + " " + rule.Groups["body"].Value.Replace("var(--c)", s.Value,
                    StringComparison.Ordinal))));
        return Use().Replace(css, use => values[use.Groups["name"].Value]).Trim() + "\n";
    }

    [GeneratedRegex(@"@media[^{]*\{\s*:root\s*\{[^}]*\}\s*\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Dark();

    [GeneratedRegex(@":root\s*\{[^}]*\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Root();

    [GeneratedRegex(@"(?<name>--[\w-]+):\s*(?<value>#\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\.(?<class>s\w)\s*\{\s*--c:\s*var\((?<name>--[\w-]+)\);\s*\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Series();

    [GeneratedRegex(@"(?<selectors>[^{}\n]+?)\s*(?<body>\{[^}]*\})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rule();

    [GeneratedRegex(@"var\((?<name>--[\w-]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Use();
}
