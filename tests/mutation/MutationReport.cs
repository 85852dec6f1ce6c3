namespace Sagitta.Mutation;

/// <summary>What came of a run: a table of areas, all mutants in a file, and the survivors that have no reason yet.</summary>
/// <param name="root">Folder of the repository.</param>
/// <param name="places">Places that could be changed.</param>
/// <param name="runs">The run of each area.</param>
internal sealed class MutationReport(string root, IReadOnlyList<Mutant> places, IReadOnlyList<MutationRun> runs)
{
    /// <summary>Keys of the mutants that lived in a run, from its file.</summary>
    public static string[] Lived(string file) => [.. File.ReadLines(file).Select(line => line.Split('\t'))
        .Where(fields => fields[0] is nameof(Fate.Survived) or nameof(Fate.Uncovered)).Select(fields => fields[4])];

    /// <summary>Writes it; returns 1 where a survivor has no reason, else 0.</summary>
    public int Write()
    {
        Dictionary<string, string> reasons = Reasons();
        (Mutant Mutant, Fate Fate, string Test)[] all = [
            .. runs.SelectMany(run => run.Fates).Select(fate => (fate.Key, fate.Value.Fate, fate.Value.Test))
            .OrderBy(fate => fate.Key.Number)];
        string name = string.Join('-', all.Select(fate => fate.Mutant.Area).Distinct());
        File.WriteAllLines(Path.Combine(root, "artifacts", "mutation", $"{name}.tsv"), all.Select(fate =>
            $"{fate.Fate}\t{fate.Mutant.Area}\t{fate.Mutant.File}:{fate.Mutant.Line}\t{fate.Mutant.Kind}\t{fate.Mutant.Key}\t{fate.Test}"));

        Console.WriteLine(
            "| area | places | mutants | a test failed | process ended | too long | survived | not reached | share that lived |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (IGrouping<string, (Mutant Mutant, Fate Fate, string Test)> area in all.GroupBy(fate => fate.Mutant.Area)
            .Concat(all.GroupBy(_ => "all")))
        {
            int[] counts = [.. Enum.GetValues<Fate>().Select(fate => area.Count(mutant => mutant.Fate == fate))];
            double total = counts.Sum();
            double share = (counts[(int)Fate.Survived] + counts[(int)Fate.Uncovered]) / total;
            int there = places.Count(place => area.Key == "all" || place.Area == area.Key);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {area.Key} | {there} | {total} | {string.Join(" | ", counts)} | {100 * share:F1} ± "
                    + $"{100 * Math.Sqrt(share * (1 - share) / total):F1} % |"));
        }

        Console.WriteLine(
            $"of {runs.Sum(run => run.Controls.Tried)} that were not switched on, {runs.Sum(run => run.Controls.Failed)} were killed");
        (Mutant Mutant, Fate Fate, string Test)[] lived = [.. all.Where(fate => fate.Fate is Fate.Survived or Fate.Uncovered)];
        foreach (IGrouping<string, string> reason in lived.Select(fate => reasons.GetValueOrDefault(fate.Mutant.Key))
            .OfType<string>().GroupBy(reason => reason).OrderByDescending(group => group.Count()))
        {
            Console.WriteLine($"{reason.Count()} {reason.Key}");
        }

        (Mutant Mutant, Fate Fate, string Test)[] open = [.. lived.Where(fate => !reasons.ContainsKey(fate.Mutant.Key))];
        foreach ((Mutant mutant, Fate fate, _) in open)
        {
            Console.WriteLine($"{fate} {mutant.File}:{mutant.Line} {mutant.Kind}\n    {mutant.Key}");
        }

        return open.Length == 0 ? 0 : 1;
    }

    // Key and reason of survivors that have one.
    private Dictionary<string, string> Reasons() => File.ReadLines(Path.Combine(root, "tests", "mutation", "survivors.tsv"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('\t'))
        .ToDictionary(fields => fields[1], fields => fields[0], StringComparer.Ordinal);
}
