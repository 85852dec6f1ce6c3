namespace Sagitta.Experiments.Landscapes.Slices;

/// <summary>What slices say, in words.</summary>
internal static class SliceFindings
{
    /// <param name="slices">The slices.</param>
    /// <param name="quantities">Losses to speak of, above zero, the main one first.</param>
    public static IEnumerable<Finding> Of(IReadOnlyList<ModelSlice> slices, IReadOnlyList<string> quantities)
    {
        foreach (IGrouping<string, ModelSlice> directions in slices.Where(s => s.Directions != "trajectory")
            .GroupBy(s => s.Directions, StringComparer.Ordinal))
        {
            yield return new(
                $"How wide is the valley, {(directions.Key == "random" ? "random directions" : directions.Key)}?",
                $"Share of the plane on which the {quantities[0]} is under twice its value at the model: " + string.Join(
                    "; ", directions.GroupBy(s => (s.Model.Method, s.Statistics)).Select(g =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{g.Key.Method}{(g.Key.Statistics.Length > 0 ? ", averages " + g.Key.Statistics : "")} "
                        + $"{100 * g.Average(s => Under(s, quantities[0])):0} %"))) + ".");
            string[] ratios = [.. quantities.SelectMany(q => Ratio(directions, q))];
            if (ratios.Length > 0)
            {
                yield return new(
                    $"What do recomputed batch statistics change, {(directions.Key == "random" ? "random directions" : directions.Key)}?",
                    "Median over the plane with averages held fixed over that with statistics recomputed: " + string.Join(
                        "; ", ratios) + ".");
            }
        }

        ModelSlice[] drawn = [.. slices.Where(s => s.PathX.Length > 0 && s.Statistics is "" or "fixed")];
        if (drawn.Any(s => double.IsFinite(s.PathShare)))
        {
            yield return new(
                "Where does the training's path lie?",
                "Share of its first step's squared distance from the model inside the plane: " + string.Join(
                    "; ", drawn.Where(s => double.IsFinite(s.PathShare)).GroupBy(s => s.Directions, StringComparer.Ordinal)
                    .Select(g =>
                        $"{(g.Key == "trajectory" ? "principal directions of the path" : g.Key == "random" ? "random directions" : g.Key)} "
                        + $"{Findings.Mean(g.Select(s => 100 * s.PathShare))} %")) + ".");
        }
    }

    private static double Under(ModelSlice slice, string quantity)
    {
        double centre = slice.Centre[slice.Grid.Quantities.ToList().IndexOf(quantity)];
        double[] values = slice.Grid.ValuesOf(quantity);
        return values.Count(v => v <= 2 * centre) / (double)values.Length;
    }

    private static IEnumerable<string> Ratio(IEnumerable<ModelSlice> slices, string quantity)
    {
        ModelSlice[] all = [.. slices];
        foreach (IGrouping<string, ModelSlice> method in all.Where(s => s.Statistics == "fixed")
            .GroupBy(s => s.Model.Method, StringComparer.Ordinal))
        {
            double[] ratios =
            [
                .. from held in method
                   from moved in all.Where(s => s.Statistics == "recomputed" && s.Model == held.Model)
                   select Findings.Median(held.Grid.ValuesOf(quantity)) / Findings.Median(moved.Grid.ValuesOf(quantity)),
            ];
            if (ratios.Length > 0)
            {
                yield return $"{quantity}, {method.Key} {Findings.Number(Findings.Median(ratios))}";
            }
        }
    }
}
