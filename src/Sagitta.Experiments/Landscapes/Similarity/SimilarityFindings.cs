namespace Sagitta.Experiments.Landscapes.Similarity;

/// <summary>What comparisons of models say, in words.</summary>
internal static class SimilarityFindings
{
    public static IEnumerable<Finding> Of(IReadOnlyList<ModelSimilarity> similarities, int permutations, RandomKey key)
    {
        if (similarities.Count == 0)
        {
            yield break;
        }

        ModelSimilarity[] within = [.. similarities.Where(s => s.First.Method == s.Second.Method)];
        ModelSimilarity[] between = [.. similarities.Where(s => s.First.Method != s.Second.Method)];
        IReadOnlyList<string> modules = similarities[0].Modules;
        if (within.Length > 0)
        {
            yield return new(
                "How alike are models that differ in initialisation alone?",
                string.Join("; ", within.GroupBy(s => s.Group, StringComparer.Ordinal)
                    .Select(g =>
                    $"{g.Key}: normalised disagreement {Findings.Mean(g.Select(s => s.Disagreement.Normalised))}{Alignment(g)}")) + ".");
        }

        foreach (IGrouping<bool, ModelSimilarity> pairs in between.GroupBy(s => s.First.Seed == s.Second.Seed).OrderBy(g => g.Key))
        {
            ModelSimilarity[] other = [.. pairs];
            yield return new(
                pairs.Key ? "And across methods, from the same initial weights?" : "And across methods?",
                $"Normalised disagreement {Findings.Mean(other.Select(s => s.Disagreement.Normalised))}{Alignment(other)}." + (
                    within.Length > 1 && other.Length > 1 ? " " + Compared(within, other) : ""));
        }

        string Alignment(IEnumerable<ModelSimilarity> group) =>
            string.Concat(modules.Select((m, i) => $", CKA {m} {Findings.Mean(group.Select(s => s.MeanOf(i)))}"));

        string Compared(ModelSimilarity[] same, ModelSimilarity[] other)
        {
            double[] across = [.. other.Select(s => s.Disagreement.Normalised)];
            double[] alone = [.. same.Select(s => s.Disagreement.Normalised)];
            bool higher = across.Average() > alone.Average();
            PermutationTest test = higher ? PermutationTest.Higher(across, alone, permutations, key.Split("across"))
                : PermutationTest.Higher(alone, across, permutations, key.Split("across"));
            return string.Create(
                CultureInfo.InvariantCulture,
                $"That is {(higher ? "higher" : "lower")} than within methods, one-sided p {test.P:0.000} (pairs share models).");
        }
    }

    /// <summary>Whether disagreement between initialisations changes with a setting that numbers the methods.</summary>
    /// <param name="similarities">All pairs.</param>
    /// <param name="value">The setting of a method; null for methods without it.</param>
    /// <param name="name">What the setting is called.</param>
    /// <param name="permutations">Random regroupings.</param>
    /// <param name="key">Their randomness.</param>
    public static IEnumerable<Finding> Against(IReadOnlyList<ModelSimilarity> similarities, Func<string, double?> value, string name,
        int permutations, RandomKey key)
    {
        (double Value, double[] Disagreements)[] groups =
        [
            .. similarities.Where(s => s.First.Method == s.Second.Method && value(s.First.Method) is not null).GroupBy(
                s => value(s.First.Method)!.Value).OrderBy(g => g.Key)
                .Select(g => (g.Key, g.Select(s => s.Disagreement.Normalised).Where(double.IsFinite).ToArray())),
        ];
        if (groups.Length < 2)
        {
            yield break;
        }

        (double low, double[] first) = groups[0];
        (double high, double[] last) = groups[^1];
        bool rises = last.Average() > first.Average();
        PermutationTest test = rises ? PermutationTest.Higher(last, first, permutations, key)
            : PermutationTest.Higher(first, last, permutations, key);
        yield return new(
            $"Does disagreement depend on {name}?",
            string.Join("; ", groups.Select(g => string.Create(
                CultureInfo.InvariantCulture, $"{name} {g.Value}: {Findings.Mean(g.Disagreements)}")))
            + (double.IsNaN(test.P)
                ? "."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $". It {(rises ? "rises" : "falls")} from {low} to {high} with one-sided p {test.P:0.000}: "
                    + $"{(test.P < 0.05 ? "more than chance" : "not more than chance")} (pairs share models).")));
    }
}
