using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta list detectors|models|experiments": what comes with Sagitta.</summary>
internal static class ListVerb
{
    private const string DescriptionField = "description:";

    /// <summary>The names of the shipped detectors, as --detector takes them.</summary>
    public static IEnumerable<string> Detectors => ShippedFile.List("detectors", "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f));

    /// <summary>The command for these systems.</summary>
    public static Command Of(IReadOnlyList<TrackingSystem> systems)
    {
        Argument<string> kind = new Argument<string>("kind") { Description = "detectors, models or experiments" }
            .AcceptOnlyFromAmong("detectors", "models", "experiments");
        Command list = new("list", "The detectors, models or experiments that come with Sagitta") { kind };
        list.SetAction(parsed =>
        {
            (string Name, string Text)[] rows = parsed.GetValue(kind) switch
            {
                "detectors" => [.. Detectors.Select(name => (name,
                    $"{systems.FirstOrDefault(s => s.IsDetector(name))?.Name}: {Description(name)}"))],
                "models" => [.. ShippedFile.List("models", "*.safetensors").Select(file => (file, ""))],
                _ => [.. ShippedFile.List("experiments", "*.yaml").Select(file => (file, Comment(file)))],
            };
            int width = rows.Select(row => row.Name.Length).DefaultIfEmpty().Max();
            foreach ((string name, string text) in rows)
            {
                parsed.InvocationConfiguration.Output.WriteLine($"{name.PadRight(width)}  {text}".TrimEnd());
            }
        });
        return list;
    }

    private static string Description(string detector) => File.ReadLines(ShippedFile.Find($"detectors/{detector}.yaml"))
        .FirstOrDefault(line => line.StartsWith(DescriptionField, StringComparison.Ordinal))?[DescriptionField.Length..].Trim() ?? "";

    // The first sentence of the file's first comment.
    private static string Comment(string file)
    {
        string whole = string.Join(' ', File.ReadLines(ShippedFile.Find(file)).TakeWhile(line => line.StartsWith('#'))
            .Select(line => line.TrimStart('#').Trim()));
        int end = whole.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? whole : whole[..end];
    }
}
