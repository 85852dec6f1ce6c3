using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Landscapes.Connectivity;

/// <summary>Paths in the report and in summary.json: extremes and means along each path, averaged over the pairs of a group, and the
/// profiles.</summary>
internal static class ConnectivityReport
{
    public static IEnumerable<Block> Of(IReadOnlyList<ModelPath> paths, IReadOnlyList<MeasuredQuantity> quantities,
        IReadOnlyList<string> missing)
    {
        if (missing.Count > 0)
        {
            yield return new Paragraph(string.Join(" ", missing));
        }

        if (paths.Count == 0)
        {
            yield break;
        }

        yield return Table(paths, [.. quantities.Where(q => q.Tabled)]);
        foreach (MeasuredQuantity quantity in quantities)
        {
            yield return Profiles(paths, quantity);
        }
    }

    /// <summary>What the models at hand do not allow.</summary>
    public static IReadOnlyList<string> Missing(IReadOnlyList<ModelPath> paths, IEnumerable<ModelName> models)
    {
        IEnumerable<string> alone = models.CountBy(m => m.Method, StringComparer.Ordinal).Where(m => m.Value < 2)
            .Select(m => $"There is one model of {m.Key}, so there are no paths within it.");
        return [.. alone, .. paths.Any(p => p.First.Method != p.Second.Method) ? []
            : (string[])["There is one method, so there are no paths between methods."]];
    }

    public static JsonArray Summary(IReadOnlyList<ModelPath> paths) => SummaryJson.Of(
        from path in paths
        from profile in path.Profiles
        from quantity in profile.Quantities
        let values = profile.Of(quantity)
        select new
        {
            First = path.First.ToString(),
            Second = path.Second.ToString(),
            path.Group,
            Path = profile.Kind,
            Quantity = quantity,
            Minimum = values.Min(),
            Maximum = values.Max(),
            Mean = values.Average(),
            Barrier = profile.Barrier(quantity),
        });

    private static Table Table(IReadOnlyList<ModelPath> paths, IReadOnlyList<MeasuredQuantity> quantities)
    {
        List<IReadOnlyList<Metric>> rows = [];
        foreach (IGrouping<string, ModelPath> group in paths.GroupBy(p => p.Group, StringComparer.Ordinal))
        {
            foreach (string kind in group.First().Profiles.Select(p => p.Kind))
            {
                PathProfile[] profiles = [.. group.Select(p => p.Profiles.First(profile => profile.Kind == kind))];
                List<Metric> row = [group.Key, profiles.Length, kind];
                foreach (MeasuredQuantity quantity in quantities)
                {
                    row.Add(Mean(profiles, p => quantity.Factor * p.Of(quantity.Name).Min()));
                    row.Add(Mean(profiles, p => quantity.Factor * p.Of(quantity.Name).Max()));
                    row.Add(Mean(profiles, p => quantity.Factor * p.Of(quantity.Name).Average()));
                }

                rows.Add(row);
            }
        }

        return new(
            ["pairs of models", "pairs", "path", .. quantities.SelectMany(
                q => new TableColumn[] { new($"{q.Header}, min", q.Unit), new("max", q.Unit), new("mean", q.Unit) })],
            rows)
        {
            Caption =
                "Extremes and means along paths between models: mean and standard deviation over the pairs of each group. Models of one "
                + "seed began at the same weights and saw the same data.",
        };
    }

    private static Metric Mean(PathProfile[] profiles, Func<PathProfile, double> value)
    {
        double mean = profiles.Average(value);
        return profiles.Length > 1 ? new(mean, Math.Sqrt(profiles.Average(p => Math.Pow(value(p) - mean, 2)))) : new(mean);
    }

    private static Illustration Profiles(IReadOnlyList<ModelPath> paths, MeasuredQuantity quantity)
    {
        List<Panel> panels = [];
        foreach (IGrouping<string, ModelPath> group in paths.GroupBy(p => p.Group, StringComparer.Ordinal))
        {
            Curve[] marks =
            [
                .. from path in @group
                   from profile in path.Profiles.Index()
                   select new Curve(profile.Item.T, [.. profile.Item.Of(quantity.Name).Select(v => quantity.Factor * v)])
                   {
                       Series = profile.Index,
                       Label = path == @group.First() ? profile.Item.Kind : "",
                   },
            ];
            bool linear = quantity.Unit == "%" || group.Any(p => p.Profiles.Any(profile => profile.Of(quantity.Name).Any(v => v <= 0)));
            panels.Add(new(new("t") { Low = 0, High = 1 },
                new(quantity.Header, quantity.Unit) { Scale = linear ? AxisScale.Linear : AxisScale.Logarithmic },
                marks)
            { Title = group.Key });
        }

        return new(
            new Figure(panels) { Columns = Math.Min(2, panels.Count), Width = panels.Count > 1 ? 960 : 560, PanelHeight = 220 },
            $"{quantity.Header} along paths between models, one line a pair.");
    }

    public static IEnumerable<Finding> Findings(IReadOnlyList<ModelPath> paths, MeasuredQuantity quantity)
    {
        if (paths.Count == 0)
        {
            yield break;
        }

        string unit = quantity.Unit.Length > 0 ? $" in {quantity.Unit}" : "";
        foreach (IGrouping<string, ModelPath> group in paths.GroupBy(p => p.Group, StringComparer.Ordinal))
        {
            IEnumerable<string> kinds = group.First().Profiles.Select(p => p.Kind).Select(kind =>
                $"{kind} {FindingText.Mean(group.Select(p => quantity.Factor * Barrier(p, kind, quantity.Name)))}");
            yield return new(
                $"Barrier of the {quantity.Name}{unit}, {group.Key} ({group.Count()} {(group.Count() == 1 ? "pair" : "pairs")})",
                string.Join("; ", kinds) + ".");
        }

        string line = paths[0].Profiles[0].Kind;
        (ModelPath Path, double Line, double Curve)[] lowered =
        [
            .. paths.Select(p => (p, Barrier(p, line, quantity.Name), p.Profiles.Skip(1).Min(c => c.Barrier(quantity.Name)))),
        ];
        double[] remaining = [.. lowered.Where(p => p.Line > 0).Select(p => Math.Max(0, p.Curve) / p.Line)];
        yield return new(
            $"Are the models connected, {quantity.Name}?",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The better of the fitted curves is below the straight line's barrier in {lowered.Count(p => p.Curve < p.Line)} of "
                + $"{lowered.Length} pairs, and leaves under a tenth of it in {remaining.Count(r => r < 0.1)}; ")
            + $"median of what is left {FindingText.Number(100 * FindingText.Median(remaining))} %.");
    }

    private static double Barrier(ModelPath path, string kind, string quantity) =>
        path.Profiles.First(p => p.Kind == kind).Barrier(quantity);
}
