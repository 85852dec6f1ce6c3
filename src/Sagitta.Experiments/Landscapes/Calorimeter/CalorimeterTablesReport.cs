namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Tables and figures beside those of the published study.</summary>
internal static class CalorimeterTablesReport
{
    public static IEnumerable<Block> Of(CalorimeterTables tables)
    {
        yield return Quality(tables.Results);
        if (!tables.Results.Any(r => r.HitGraph))
        {
            yield return new Paragraph(
                "No model of the hit graph was given, so the table has no rows of it. `sagitta reproduce calorimeter --set "
                + "network.graph=hit --set network.hidden=64` trains them.");
        }

        yield return Sizes(tables.Graphs);
        yield return Filter(tables.Filter);
        yield return Costs(tables);
    }

    /// <summary>Validation purity along the trainings that kept their metrics; none if no run did.</summary>
    public static Illustration? Trainings(IEnumerable<ModelName> models)
    {
        List<Mark> marks = [];
        string[] methods = [.. models.Select(m => m.Method).Distinct(StringComparer.Ordinal)];
        foreach (ModelName model in models)
        {
            string file = Path.Combine(model.Folder, "metrics.csv");
            string[] lines = File.Exists(file) ? File.ReadAllLines(file) : [];
            int step = lines.Length > 1 ? Array.IndexOf(lines[0].Split(','), "step") : -1;
            int purity = lines.Length > 1 ? Array.IndexOf(lines[0].Split(','), "validation_purity") : -1;
            if (step < 0 || purity < 0)
            {
                continue;
            }

            double[][] rows = [.. lines.Skip(1).Select(l => l.Split(',')).Where(l => l.Length > purity)
                .Select(l => new[] { Number(l[step]), Number(l[purity]) })];
            int series = Array.IndexOf(methods, model.Method);
            bool named = marks.Exists(m => m.Label == model.Method);
            marks.Add(new Curve([.. rows.Select(r => r[0])], [.. rows.Select(r => r[1])])
            {
                Series = series % Palette.SeriesCount,
                Label = named ? "" : model.Method
            });
        }

        return marks.Count == 0
            ? null
            : new(new Figure(new Panel(new("step"), new("validation purity"), marks)),
                "Purity on validation frames along the trainings, one line a run.");
    }

    private static double Number(string text) =>
        NumberText.TryRead(text, out double value) ? value : double.NaN;

    private static Table Quality(IReadOnlyList<SampleQuality> results)
    {
        List<IReadOnlyList<Metric>> rows = [];
        foreach (var sample in results.GroupBy(r => (r.Water, r.Protons, r.Label)))
        {
            SampleQuality[] seeds = [.. sample];
            (double purity, double efficiency) = PublishedResults.Of(sample.Key.Label, sample.Key.Water, sample.Key.Protons);
            rows.Add(
            [
                sample.Key.Water, sample.Key.Protons, sample.Key.Label, seeds.Length,
                Mean(seeds, s => 100 * s.Purity, s => 100 * s.PurityError), Published(purity),
                Mean(seeds, s => 100 * s.Efficiency, s => 100 * s.EfficiencyError), Mean(
                    seeds, s => 100 * s.EfficiencyReference, _ => 0), Published(efficiency),
            ]);
        }

        return new(
            [
                new("water", "mm") { Decimals = 0 }, new("protons") { Decimals = 0 }, "method", new("seeds") { Decimals = 0 }, new(
                    "purity", "%") { Decimals = 1 }, new("published", "%") { Decimals = 1 },
                new("efficiency", "%") { Decimals = 1 }, new("as published counts", "%") { Decimals = 1 }, new(
                    "published", "%") { Decimals = 1 },
            ],
            rows)
        {
            Caption =
                "Purity and efficiency on test frames beside the published values, which are of other data: compare patterns, not "
                + "numbers. Errors join the spread of seeds and that of frames.",
        };
    }

    private static Metric Published(double value) => new(value > 1.5 || double.IsNaN(value) ? value : 100 * value);

    private static Metric Mean(SampleQuality[] seeds, Func<SampleQuality, double> value, Func<SampleQuality, double> error)
    {
        double mean = seeds.Average(value);
        double between = seeds.Length < 2 ? 0 : seeds.Sum(s => Math.Pow(value(s) - mean, 2)) / (seeds.Length - 1) / seeds.Length;
        double within = seeds.Average(s => Math.Pow(error(s), 2));
        return new(mean, Math.Sqrt(between + (double.IsNaN(within) ? 0 : within)));
    }

    private static Table Sizes(IReadOnlyList<GraphStatistics> graphs) => new(
        [new("water", "mm") { Decimals = 0 }, "protons", "frames", new("hits") { Decimals = 0 }, new("segments") { Decimals = 0 },
            new("edges of the line graph") { Decimals = 0 }, new("operations", "10^{9}") { Decimals = 2 }],
        [
            .. graphs.Select(g => (Metric[])
            [
                g.Water, g.Protons, g.Frames, new Metric(g.Hits, g.HitsSpread), new Metric(
                    g.Segments, g.SegmentsSpread), new Metric(g.Edges, g.EdgesSpread), g.Operations,
            ]),
        ])
    {
        Caption =
            "Graph sizes of test frames after masking, mean and standard deviation over frames, and operations of a forward pass as "
            + "published counts them.",
    };

    private static Illustration Filter(EdgeFilter filter)
    {
        double[] x = [.. filter.Thresholds.Select(t => 1000 * t)];
        double[] Percent(double[] shares) => [.. shares.Select(s => 100 * s)];
        return new(
            new Figure(new Panel(
                new("largest angle", "mrad"),
                new("removed", "%") { Low = 0, High = 100 },
                [
                    new Curve(x, Percent(filter.TrueCalorimeter)) { Label = "true, calorimeter" },
                    new Curve(x, Percent(filter.AllCalorimeter)) { Label = "all, calorimeter", Style = LineStyle.Dashed },
                    new Curve(x, Percent(filter.TrueTracker)) { Label = "true, tracker", Series = 1 },
                    new Curve(x, Percent(filter.AllTracker)) { Label = "all, tracker", Series = 1, Style = LineStyle.Dashed },
                ])),
            "Pairs of hits that a limit on the angle to the beam removes.");
    }

    private static Illustration Costs(CalorimeterTables tables)
    {
        List<Panel> panels =
        [
            Panel("Operations", new("operations", "10^{9}"), tables.Graphs, g => (g.Water, g.Protons),
                ("line graph", g => g.Operations), ("hit graph", g => g.HitOperations)),
            .. tables.Times.GroupBy(t => t.Graph, StringComparer.Ordinal).Select(times => Panel(
                "Time, " + times.Key, new("time of a frame", "ms"), times, t => (t.Water, t.Protons),
                ("tracks", t => t.Reconstruction), ("scores", t => t.Prediction))),
        ];
        return new(
            new Figure(panels) { Columns = 2, Width = 960, PanelHeight = 240 },
            "Operations of a forward pass of both networks (the hit graph's of the published width 64), and time of a frame on one "
                + "thread of this machine: graph and scores, and all the way to tracks.");
    }

    // Two lines for each thickness against the number of protons, the second one dashed.
    private static Panel Panel<T>(string title, Axis vertical, IEnumerable<T> items, Func<T, (int Water, int Protons)> sample,
        (string Label, Func<T, double> Value) solid, (string Label, Func<T, double> Value) dashed)
    {
        List<Mark> lines = [];
        foreach (IGrouping<int, T> water in items.GroupBy(item => sample(item).Water))
        {
            int series = lines.Count / 2;
            foreach ((string label, Func<T, double> value) in (ReadOnlySpan<(string, Func<T, double>)>)[solid, dashed])
            {
                lines.Add(new Curve([.. water.Select(item => (double)sample(item).Protons)], [.. water.Select(value)])
                {
                    Series = series,
                    Label = $"{label}, {water.Key.ToString(CultureInfo.InvariantCulture)} mm",
                    Style = lines.Count % 2 == 0 ? LineStyle.Solid : LineStyle.Dashed,
                });
            }
        }

        Axis logarithmic = vertical with { Scale = AxisScale.Logarithmic };
        return new(new("protons"), logarithmic, lines) { Title = title };
    }
}
