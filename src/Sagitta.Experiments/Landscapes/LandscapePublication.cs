using System.Text;

namespace Sagitta.Experiments.Landscapes;

/// <summary>Puts what a run found where readers of the repository look: between two marks of docs/landscape.md.</summary>
internal static class LandscapePublication
{
    private const string Begin = "<!-- findings: written by 'sagitta landscape --publish', do not edit -->";
    private const string End = "<!-- end of findings -->";

    /// <summary>Writes below a folder that holds docs/landscape.md.</summary>
    /// <exception cref="BadInputException">There is no such document, or it has no marks.</exception>
    public static void Write(string root, IEnumerable<Block> blocks, string command)
    {
        string file = Path.Combine(root, "docs", "landscape.md");
        string text = File.Exists(file) ? File.ReadAllText(file) : "";
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new BadInputException($"'{file}'", "the marks of the findings are not there",
                $"give the root of a checkout, and in its docs/landscape.md the lines {Begin} and {End}");
        }

        StringBuilder found = new();
        found.Append("\n```\n").Append(command).Append("\n```\n");
        foreach (Block block in blocks)
        {
            if (block is Heading heading)
            {
                found.Append("\n### ").Append(heading.Text).Append('\n');
            }
            else if (block is Table table)
            {
                found.Append('\n').Append(TableMarkdown.Of(table));
            }
        }

        AtomicFile.WriteText(file, text[..(begin + Begin.Length)] + found + "\n" + text[end..]);
    }
}
