using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Landscapes.Connectivity;

/// <summary>Paths in the report and in summary.json: extremes and means along each path, averaged over the pairs of a group, and the
/// profiles.</summary>
internal static class ConnectivityReport
{
    /// <summary>A quantity of the table: its column, factor and decimals.</summary>
    public sealed record Quantity(string Name, string Header, string Unit, double Factor)
    {
        /// <summary>Whether it stands in the table too, not in a figure alone.</summary>
        public bool Tabled { get; init; } = true;
    }

    public static IEnumerable<Block> Of(IReadOnlyList<ModelPath> paths, IReadOnlyList<Quantity> quantities, IReadOnlyList<string> missing)
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
        foreach (Quantity quantity in quantities)
        {
            yield return Profiles(paths, quantity);
        }
    }

    /// <summary>What the models at hand do not allow.</summary>
    public static IReadOnlyList<string> Missing(IReadOnlyList<ModelPath> paths, IEnumerable<ModelName> models)
    {
        List<string> missing = [];
        foreach (IGrouping<string, ModelName> method in models.GroupBy(m => m.Method, StringComparer.Ordinal))
        {
            if (method.Count() < 2)
            {
                missing.Add($"There is one model of {method.Key}, so there are no paths within it.");
            }
        }

        if (!paths.Any(p => p.First.Method != p.Second.Method))
        {
            missing.Add("There is one method, so there are no paths between methods.");
        }

        return missing;
    }

    public static JsonArray Summary(IReadOnlyList<ModelPath> paths) =>
    [
        .. from path in paths
           from profile in path.Profiles
           from quantity in profile.Quantities
           select (JsonNode)new JsonObject
           {
               ["first"] = path.First.ToString(),
               ["second"] = path.Second.ToString(),
               ["group"] = path.Group,
               ["path"] = profile.Kind,
               ["quantity"] = quantity,
               ["minimum"] = Number(profile.Of(quantity).Min()),
               ["maximum"] = Number(profile.Of(quantity).Max()),
               ["mean"] = Number(profile.Of(quantity).Average()),
               ["barrier"] = Number(profile.Barrier(quantity)),
           },
    ];

    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;

    private static Table Table(IReadOnlyList<ModelPath> paths, IReadOnlyList<Quantity> quantities)
    {
        List<IReadOnlyList<Cell>> rows = [];
        foreach (IGrouping<string, ModelPath> group in paths.GroupBy(p => p.Group, StringComparer.Ordinal))
        {
            foreach (string kind in group.First().Profiles.Select(p => p.Kind))
            {
                PathProfile[] profiles = [.. group.Select(p => p.Profiles.First(profile => profile.Kind == kind))];
                List<Cell> row = [group.Key, profiles.Length, kind];
                foreach (Quantity quantity in quantities)
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

    private static NumberCell Mean(PathProfile[] profiles, Func<PathProfile, double> value)
    {
        double mean = profiles.Average(value);
        return profiles.Length > 1 ? new(mean, Math.Sqrt(profiles.Average(p => Math.Pow(value(p) - mean, 2)))) : new(mean);
    }

    private static Illustration Profiles(IReadOnlyList<ModelPath> paths, Quantity quantity)
    {
        List<Panel> panels = [];
        foreach (IGrouping<string, ModelPath> group in paths.GroupBy(p => p.Group, StringComparer.Ordinal))
        {
            List<Mark> marks = [];
            bool first = true;
            foreach (ModelPath path in group)
            {
                for (int kind = 0; kind < path.Profiles.Count; kind++)
                {
                    PathProfile profile = path.Profiles[kind];
                    marks.Add(new Curve(profile.T, [.. profile.Of(quantity.Name).Select(v => quantity.Factor * v)])
                    {
                        Series = kind,
                        Label = first ? profile.Kind : ""
                    });
                }

                first = false;
            }

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
}
