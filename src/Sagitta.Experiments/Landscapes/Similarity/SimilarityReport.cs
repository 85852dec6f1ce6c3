using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Landscapes.Similarity;

/// <summary>Similarities in the report and in summary.json.</summary>
internal static class SimilarityReport
{
    public static IEnumerable<Block> Of(IReadOnlyList<ModelSimilarity> similarities, int permutations, RandomKey key)
    {
        if (similarities.Count == 0)
        {
            yield return new Paragraph("There is one model, so there is nothing to compare it with.");
            yield break;
        }

        IGrouping<string, ModelSimilarity>[] groups = Ordered(similarities.GroupBy(s => s.Group, StringComparer.Ordinal));
        IReadOnlyList<string> modules = similarities[0].Modules;
        yield return new Table(
            ["models of", "pairs", new("errors", "%"), new("disagreement", "%"), "normalised",
                .. modules.SelectMany((m, _) => new TableColumn[] { $"CKA {m}", "equal layers" })],
            [
                .. groups.Select(g => (Metric[])
                [
                    g.Key, g.Count(), Mean(g, s => 50 * (s.Disagreement.FirstErrors + s.Disagreement.SecondErrors)), Mean(
                        g, s => 100 * s.Disagreement.Share), Mean(g, s => s.Disagreement.Normalised),
                    .. modules.SelectMany((_, m) => new Metric[] { Mean(g, s => s.MeanOf(m)), Mean(g, s => s.DiagonalOf(m)) }),
                ]),
            ])
        {
            Caption =
                "Similarity of models, mean and standard deviation over pairs. Disagreement: share of decisions that differ; normalised: "
                + "between the least (0) and the most (1) that the "
                + "two error rates allow. CKA: mean over all pairs of layers of a part, as published, and over equal layers alone.",
        };
        IGrouping<string, ModelSimilarity>[] families = Ordered(similarities.GroupBy(s => s.Family, StringComparer.Ordinal));
        yield return Figure(families, modules);
        IGrouping<double, ModelSimilarity>[] numbered = ByLambda(similarities);
        if (numbered.Length > 1)
        {
            yield return AgainstLambda(numbered, modules);
        }

        yield return Layers(families, modules);
        IGrouping<string, ModelSimilarity>[] tested = [.. families.Where(g => g.Count() > 1)];
        if (tested.Length > 1)
        {
            yield return new Table(
                ["normalised disagreement is higher for", "than for", "Welch's t", "p"],
                [
                    .. from a in tested
                       from b in tested
                       where a.Key != b.Key
                       let test = PermutationTest.Higher([.. a.Select(s => s.Disagreement.Normalised)],
                           [.. b.Select(s => s.Disagreement.Normalised)], permutations, key.Split(a.Key + b.Key))
                       where test.T > 0
                       orderby test.P
                       select (Metric[])[a.Key, b.Key, test.T, test.P],
                ])
            {
                Caption =
                    "One-sided permutation test of Welch's t between groups of pairs. Pairs share models, so these p-values are smaller "
                    + "than independent pairs would give.",
            };
        }
    }

    public static JsonArray Summary(IReadOnlyList<ModelSimilarity> similarities) => SummaryJson.Of(similarities.Select(s => new
    {
        First = s.First.ToString(),
        Second = s.Second.ToString(),
        Disagreement = s.Disagreement.Share,
        NormalisedDisagreement = s.Disagreement.Normalised,
        Alignment = ByModule(s, s.MeanOf),
        AlignmentOfEqualLayers = ByModule(s, s.DiagonalOf),
    }));

    private static Dictionary<string, double> ByModule(ModelSimilarity similarity, Func<int, double> value) => similarity.Modules
        .Select((module, i) => (Name: module, Value: value(i))).ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);

    private static IGrouping<string, ModelSimilarity>[] Ordered(IEnumerable<IGrouping<string, ModelSimilarity>> groups) =>
        [.. groups.OrderBy(g => g.Key == ModelSimilarity.OneSeed).ThenBy(g => !g.First().OneMethod)
            .ThenBy(g => g.Key, StringComparer.Ordinal)];

    // Pairs that differ in initialisation alone, by the interpolation factor of their training.
    private static IGrouping<double, ModelSimilarity>[] ByLambda(IReadOnlyList<ModelSimilarity> similarities) =>
        [.. similarities.Where(s => s.OneMethod && s.First.Lambda is not null).GroupBy(s => s.First.Lambda!.Value).OrderBy(g => g.Key)];

    private static Illustration AgainstLambda(IGrouping<double, ModelSimilarity>[] groups, IReadOnlyList<string> modules)
    {
        return new(
            new Figure(
            [
                new Panel(new("λ"), new("normalised disagreement"), [Along(s => s.Disagreement.Normalised, 0, "")]),
                new Panel(new("λ"), new("CKA"), [.. modules.Select((name, m) => Along(s => s.MeanOf(m), m, name))]),
            ])
            { Columns = 2, Width = 960, PanelHeight = 220 },
            "Similarity of models that differ in initialisation alone against the interpolation factor of their training: mean and "
                + "standard deviation over pairs.");

        Points Along(Func<ModelSimilarity, double> value, int series, string label) =>
            new([.. groups.Select(g => g.Key)], [.. groups.Select(g => g.Average(value))])
            {
                YErrorLow = [.. groups.Select(g => FindingText.Deviation([.. g.Select(value)]))],
                Joined = true,
                Series = series,
                Label = label,
            };
    }

    // The published figure: one panel a measure, one column of points a group of pairs.
    private static Illustration Figure(IGrouping<string, ModelSimilarity>[] groups, IReadOnlyList<string> modules)
    {
        string[] names = [.. groups.Select(g => g.Key)];
        List<Panel> panels = [Panel("normalised disagreement", s => s.Disagreement.Normalised),
            .. modules.Select((name, m) => Panel($"CKA {name}", s => s.MeanOf(m)))];
        return new(
            new Figure(panels) { Columns = 2, Width = 960, PanelHeight = 200 },
            "Every pair of models as a point, by the methods that they belong to: functional similarity (low is alike) and "
                + "representational similarity (high is alike). One seed: two methods from the same initial weights.");

        Panel Panel(string title, Func<ModelSimilarity, double> value) => new(
            new("") { Categories = names },
            new(title),
            [.. groups.Select((g, i) => new Points([.. g.Select((_, k) => i + (0.3 * (((k + 0.5) / g.Count()) - 0.5)))],
                [.. g.Select(value)]) { Series = i % Palette.SeriesCount })]);
    }

    private static Illustration Layers(IGrouping<string, ModelSimilarity>[] groups, IReadOnlyList<string> modules)
    {
        List<Panel> panels = [];
        foreach (IGrouping<string, ModelSimilarity> group in groups.OrderByDescending(g => g.Count()).Take(3))
        {
            for (int m = 0; m < modules.Count; m++)
            {
                int module = m;
                int size = (int)Math.Round(Math.Sqrt(group.First().Alignments[m].Length));
                double[] nodes = [.. Enumerable.Range(1, size).Select(i => (double)i)];
                double[] values = [.. Enumerable.Range(0, size * size).Select(k => group.Average(s => s.Alignments[module][k]))];
                panels.Add(new(new("layer"), new("layer"), [new HeatMap(
                    new ValueGrid(nodes, nodes, values), new("CKA") { Low = 0, High = 1 })])
                { Title = $"{group.Key}: {modules[m]}" });
            }
        }

        return new(new Figure(panels) { Columns = modules.Count, Width = 960, PanelHeight = 200 },
            "CKA layer by layer, averaged over the pairs of a group.");
    }

    private static Metric Mean(IEnumerable<ModelSimilarity> group, Func<ModelSimilarity, double> value)
    {
        double[] values = [.. group.Select(value)];
        return values.Length > 1 ? new(values.Average(), FindingText.Deviation(values)) : new(values[0]);
    }

    public static IEnumerable<Finding> Findings(IReadOnlyList<ModelSimilarity> similarities, int permutations, RandomKey key)
    {
        if (similarities.Count == 0)
        {
            yield break;
        }

        ModelSimilarity[] within = [.. similarities.Where(s => s.OneMethod)];
        ModelSimilarity[] between = [.. similarities.Where(s => !s.OneMethod)];
        IReadOnlyList<string> modules = similarities[0].Modules;
        if (within.Length > 0)
        {
            yield return new(
                "How alike are models that differ in initialisation alone?",
                string.Join("; ", within.GroupBy(s => s.Group, StringComparer.Ordinal)
                    .Select(g =>
                    $"{g.Key}: normalised disagreement {FindingText.Mean(g.Select(s => s.Disagreement.Normalised))}{Alignment(g)}")) + ".");
        }

        foreach (IGrouping<bool, ModelSimilarity> pairs in between.GroupBy(s => s.First.Seed == s.Second.Seed).OrderBy(g => g.Key))
        {
            ModelSimilarity[] other = [.. pairs];
            yield return new(
                pairs.Key ? "And across methods, from the same initial weights?" : "And across methods?",
                $"Normalised disagreement {FindingText.Mean(other.Select(s => s.Disagreement.Normalised))}{Alignment(other)}." + (
                    within.Length > 1 && other.Length > 1 ? " " + Compared(within, other) : ""));
        }

        IGrouping<double, ModelSimilarity>[] numbered = ByLambda(similarities);
        if (numbered.Length > 1)
        {
            yield return DependenceOnLambda(numbered, permutations, key.Split("lambda"));
        }

        string Alignment(IEnumerable<ModelSimilarity> group) =>
            string.Concat(modules.Select((m, i) => $", CKA {m} {FindingText.Mean(group.Select(s => s.MeanOf(i)))}"));

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

    private static Finding DependenceOnLambda(IGrouping<double, ModelSimilarity>[] numbered, int permutations, RandomKey key)
    {
        (double Value, double[] Disagreements)[] groups =
            [.. numbered.Select(g => (g.Key, g.Select(s => s.Disagreement.Normalised).Where(double.IsFinite).ToArray()))];
        (double low, double[] first) = groups[0];
        (double high, double[] last) = groups[^1];
        bool rises = last.Average() > first.Average();
        PermutationTest test = rises ? PermutationTest.Higher(last, first, permutations, key)
            : PermutationTest.Higher(first, last, permutations, key);
        return new(
            "Does disagreement depend on lambda?",
            string.Join("; ", groups.Select(g => string.Create(
                CultureInfo.InvariantCulture, $"lambda {g.Value}: {FindingText.Mean(g.Disagreements)}")))
            + (double.IsNaN(test.P)
                ? "."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $". It {(rises ? "rises" : "falls")} from {low} to {high} with one-sided p {test.P:0.000}: "
                    + $"{(test.P < 0.05 ? "more than chance" : "not more than chance")} (pairs share models).")));
    }
}
