using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Landscapes.Slices;

/// <summary>Slices in the report: contours with logarithmic levels, the path of the training on them, and what recomputing the running
/// averages changes.</summary>
internal static class SliceReport
{
    public static IEnumerable<Block> Of(IReadOnlyList<ModelSlice> slices, IReadOnlyList<string> quantities)
    {
        foreach (IGrouping<string, ModelSlice> directions in slices.GroupBy(s => s.Directions, StringComparer.Ordinal))
        {
            // Where each method has one model, all stand in one figure.
            bool single = directions.Select(s => s.Model).Distinct().GroupBy(m => m.Method, StringComparer.Ordinal).All(
                g => g.Count() == 1);
            foreach (IGrouping<string, ModelSlice> method in directions.GroupBy(s => single ? "" : s.Model.Method, StringComparer.Ordinal))
            {
                foreach (string quantity in quantities)
                {
                    yield return Contour([.. single ? method.AsEnumerable()
                        : method.OrderBy(s => s.Model.Seed).ThenBy(s => s.Statistics, StringComparer.Ordinal)], method.Key, quantity);
                }
            }
        }

        if (slices.Any(s => s.Statistics == ModelSlice.Recomputed))
        {
            yield return Statistics(slices, quantities);
        }

        ModelSlice[] drawn = [.. slices.Where(s => s.PathX.Length > 0)];
        yield return drawn.Length > 0
            ? new Table(
                ["model", "directions", "steps kept", new("first step in the plane", "%")],
                [.. drawn.Where(s => s.Statistics != ModelSlice.Recomputed)
                    .Select(s => (Metric[])[s.Model.ToString(), s.Directions, s.PathX.Length, 100 * s.PathShare])])
            {
                Caption =
                    "How much of the way from the first parameters to the model lies in each plane; two random directions among "
                    + "thousands would hold next to nothing.",
            }
            : new Paragraph(
                "No run kept a `trajectory` folder beside its model, so no path of a training is drawn. `sagitta reproduce` keeps one.");
    }

    private static Illustration Contour(ModelSlice[] slices, string method, string quantity)
    {
        List<Panel> panels = [];
        foreach (ModelSlice slice in slices)
        {
            ValueGrid grid = slice.Grid.GridOf(quantity);

            // A likelihood makes losses below zero, which have no ratios: there the height above the lowest point is drawn.
            double lowest = grid.Values.Min();
            bool above = lowest <= 0;
            grid = above ? new(grid.X, grid.Y, [.. grid.Values.Select(v => v - lowest)]) : grid;
            string name = above ? quantity + " above its lowest" : quantity;
            List<Mark> marks = [new Contours(grid, Contours.LogarithmicLevels(grid, 25), new(name) { Scale = AxisScale.Logarithmic })];
            (double X, double Y)[] inside =
            [
                .. slice.PathX.Zip(slice.PathY).Where(p => p.First >= slice.Grid.X[0] && p.First <= slice.Grid.X[^1]
                    && p.Second >= slice.Grid.Y[0] && p.Second <= slice.Grid.Y[^1]),
            ];
            if (inside.Length > 1)
            {
                marks.Add(new Curve([.. inside.Select(p => p.X)], [.. inside.Select(p => p.Y)]) { ShowEnds = true, Series = 1 });
            }

            marks.Add(new Points([0], [0]) { Series = Palette.Neutral });
            panels.Add(new(
                new("first direction") { Low = slice.Grid.X[0], High = slice.Grid.X[^1] },
                new("second direction") { Low = slice.Grid.Y[0], High = slice.Grid.Y[^1] },
                marks)
            {
                Title = $"{slice.Model}{ModelSlice.Averages(slice.Statistics)}",
            });
        }

        string along = slices[0].Directions switch
        {
            ModelSlice.Eigenvectors => "along the two leading eigenvectors of the "
                + $"{string.Join(" or ", slices.Select(s => s.Loss).Distinct(StringComparer.Ordinal))} of each model, scaled to it tensor "
                + "by tensor",
            ModelSlice.Random => "along two random directions, scaled to the model tensor by tensor",
            _ => "on the plane of the two principal directions of the training's path, unscaled, with that path",
        };
        return new(
            new Figure(panels) { Columns = Math.Min(2, panels.Count), Width = panels.Count > 1 ? 960 : 560, PanelHeight = 300 },
            $"{char.ToUpperInvariant(quantity[0])}{quantity[1..]} around "
                + $"{(method.Length > 0 ? method : "the first model of each method")} {along}; levels in equal ratios.");
    }

    private static Table Statistics(IReadOnlyList<ModelSlice> slices, IReadOnlyList<string> quantities)
    {
        List<IReadOnlyList<Metric>> rows = [];
        foreach (ModelSlice slice in slices.Where(s => s.Statistics == ModelSlice.Fixed))
        {
            ModelSlice? other = slices.FirstOrDefault(s => s.Statistics == ModelSlice.Recomputed && s.Model == slice.Model
                && s.Directions == slice.Directions);
            foreach (string quantity in other is null ? [] : quantities)
            {
                double[] held = slice.Grid.Of(quantity);
                double[] moved = other!.Grid.Of(quantity);
                double[] ratios = [.. held.Zip(moved).Where(p => p.First > 0 && p.Second > 0).Select(p => p.First / p.Second).Order()];
                int index = slice.Grid.IndexOf(quantity);
                rows.Add([slice.Model.ToString(), slice.Directions, quantity, slice.Centre[index], other.Centre[index],
                    FindingText.Median(held), FindingText.Median(moved), FindingText.Median(ratios)]);
            }
        }

        return new(["model", "directions", "quantity", "centre, fixed", "recomputed", "median, fixed", "recomputed", "median ratio"], rows)
        {
            Caption =
                "Running averages held fixed against batch statistics recomputed at every point, on the same grids. Recomputed "
                + "statistics undo shifts and scales that a direction puts on a layer's inputs, "
                + "so the landscape looks flatter than what the network that reconstructs would see.",
        };
    }

    public static IEnumerable<Finding> Findings(IReadOnlyList<ModelSlice> slices, IReadOnlyList<string> quantities)
    {
        foreach (IGrouping<string, ModelSlice> directions in slices.Where(s => s.Directions != ModelSlice.Trajectory)
            .GroupBy(s => s.Directions, StringComparer.Ordinal))
        {
            yield return new(
                $"How wide is the valley, {Named(directions.Key)}?",
                $"Share of the plane on which the {quantities[0]} is under twice its value at the model: " + string.Join("; ",
                    directions.GroupBy(s => (s.Model.Method, s.Statistics)).Select(g => string.Create(CultureInfo.InvariantCulture,
                        $"{g.Key.Method}{ModelSlice.Averages(g.Key.Statistics)} {100 * g.Average(s => Under(s, quantities[0])):0} %")))
                            + ".");
            string[] ratios = [.. quantities.SelectMany(q => Ratio(directions, q))];
            if (ratios.Length > 0)
            {
                yield return new(
                    $"What do recomputed batch statistics change, {Named(directions.Key)}?",
                    "Median over the plane with averages held fixed over that with statistics recomputed: " + string.Join(
                        "; ", ratios) + ".");
            }
        }

        ModelSlice[] drawn = [.. slices.Where(s => double.IsFinite(s.PathShare) && s.Statistics != ModelSlice.Recomputed)];
        if (drawn.Length > 0)
        {
            yield return new(
                "Where does the training's path lie?",
                "Share of its first step's squared distance from the model inside the plane: " + string.Join("; ",
                    drawn.GroupBy(s => s.Directions, StringComparer.Ordinal).Select(g =>
                        $"{Named(g.Key)} {FindingText.Mean(g.Select(s => 100 * s.PathShare))} %")) + ".");
        }
    }

    private static string Named(string directions) => directions switch
    {
        ModelSlice.Random => "random directions",
        ModelSlice.Trajectory => "principal directions of the path",
        _ => directions,
    };

    private static double Under(ModelSlice slice, string quantity)
    {
        double centre = slice.Centre[slice.Grid.IndexOf(quantity)];
        double[] values = slice.Grid.Of(quantity);
        return values.Count(v => v <= 2 * centre) / (double)values.Length;
    }

    private static IEnumerable<string> Ratio(IEnumerable<ModelSlice> slices, string quantity)
    {
        ModelSlice[] all = [.. slices];
        foreach (IGrouping<string, ModelSlice> method in all.Where(s => s.Statistics == ModelSlice.Fixed)
            .GroupBy(s => s.Model.Method, StringComparer.Ordinal))
        {
            double[] ratios =
            [
                .. from held in method
                   from moved in all.Where(s => s.Statistics == ModelSlice.Recomputed && s.Model == held.Model)
                   select FindingText.Median(held.Grid.Of(quantity)) / FindingText.Median(moved.Grid.Of(quantity)),
            ];
            if (ratios.Length > 0)
            {
                yield return $"{quantity}, {method.Key} {FindingText.Number(FindingText.Median(ratios))}";
            }
        }
    }

    /// <summary>For summary.json: the value at the model, the extremes and the median of each quantity.</summary>
    public static JsonArray Summary(IReadOnlyList<ModelSlice> slices) => SummaryJson.Of(
        from slice in slices
        from quantity in slice.Grid.Quantities.Select((name, index) => (name, index))
        let values = slice.Grid.Values[quantity.index].Order().ToArray()
        select new
        {
            slice.Model.Method,
            slice.Model.Seed,
            slice.Directions,
            slice.Statistics,
            Quantity = quantity.name,
            Centre = slice.Centre[quantity.index],
            Minimum = values[0],
            Median = values[values.Length / 2],
            Maximum = values[^1],
            slice.PathShare,
        });
}
