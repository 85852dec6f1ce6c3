namespace Sagitta.Experiments.Runs;

/// <summary>A sweep, as its YAML file describes it: one command for each combination of values.</summary>
internal sealed record SweepOptions : ICheckedOptions
{
    /// <summary>The command without its --out, such as "train SYSTEM --config experiment.yaml".</summary>
    public string Command { get; init; } = "";

    /// <summary>Paths of fields, each with its values: "training.learningRate: [0.001, 0.003]".</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Grid { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>All combinations, the last field running fastest, each with the name of its folder.</summary>
    public IEnumerable<(string Name, IReadOnlyList<string> Settings)> Combinations() => Grid.Aggregate(
        (IEnumerable<(string Name, IReadOnlyList<string> Settings)>)[("", [])], (whole, field) =>
            whole.SelectMany(before => field.Value.Select(
            value => (before.Name + (before.Name.Length > 0 ? "," : "") + Safe($"{field.Key.Split('.')[^1]}={value}"),
                (IReadOnlyList<string>)[.. before.Settings, $"{field.Key}={value}"]))));

    /// <inheritdoc />
    public IEnumerable<OptionProblem> Check()
    {
        if (Command.Trim().Length == 0)
        {
            yield return new(nameof(Command), "there is no command", "give one such as 'train SYSTEM --config experiment.yaml'");
        }

        if (Grid.Count == 0 || Grid.Values.Any(values => values.Count == 0))
        {
            yield return new(nameof(Grid), "there is nothing to vary", "give fields with lists of values");
        }

        if (Combinations().GroupBy(c => c.Name, StringComparer.Ordinal).Any(g => g.Count() > 1))
        {
            yield return new(nameof(Grid), "two combinations have one name", "give each value once, and fields of different names");
        }
    }

    private static string Safe(string text) =>
        string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '=' or '.' or '-' or '+' ? c : '_'));
}
