using System.CommandLine;

namespace Sagitta.Cli.CommandLine;

/// <summary>What a misspelt word was meant to be, in words.</summary>
internal static class Suggestion
{
    /// <summary>"'trian' is no verb; did you mean 'train'?", or the list of verbs where none is near.</summary>
    public static string OfVerb(string word, Command command)
    {
        string[] verbs = [.. command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)];
        return $"'{word}' is no verb; " + (Nearest(word, verbs) is { Length: > 0 } nearest ? $"did you mean '{nearest}'?"
            : $"the verbs are {string.Join(", ", verbs)}");
    }

    /// <summary>"'--thread' is not understood here; did you mean '--threads'?".</summary>
    public static string OfOption(string word, Command command)
    {
        IEnumerable<Option> options = command.Parents.OfType<Command>().SelectMany(Above).Where(o => o.Recursive).Concat(command.Options);
        string nearest = word.StartsWith('-') ? Nearest(word.Split('=')[0], options.Select(o => o.Name)) : "";
        return $"'{word}' is not understood here{(nearest.Length > 0 ? $"; did you mean '{nearest}'?" : "")}";
    }

    private static IEnumerable<Option> Above(Command command) =>
        command.Parents.OfType<Command>().SelectMany(Above).Concat(command.Options);

    private static string Nearest(string word, IEnumerable<string> known) =>
        NearestName.Of(word, known, Math.Max(word.Length > 3 ? 2 : 1, word.Length / 3));
}
