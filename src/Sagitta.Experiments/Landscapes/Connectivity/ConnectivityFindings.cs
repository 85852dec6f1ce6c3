namespace Sagitta.Experiments.Landscapes.Connectivity;

/// <summary>What paths between models say, in words.</summary>
internal static class ConnectivityFindings
{
    /// <param name="paths">The paths.</param>
    /// <param name="quantity">The loss whose barriers are told, with the factor of its unit.</param>
    public static IEnumerable<Finding> Of(IReadOnlyList<ModelPath> paths, ConnectivityReport.Quantity quantity)
    {
        if (paths.Count == 0)
        {
            yield break;
        }

        string unit = quantity.Unit.Length > 0 ? $" in {quantity.Unit}" : "";
        foreach (IGrouping<string, ModelPath> group in paths.GroupBy(p => p.Group, StringComparer.Ordinal))
        {
            IEnumerable<string> kinds = group.First().Profiles.Select(p => p.Kind).Select(kind =>
                $"{kind} {Findings.Mean(group.Select(p => quantity.Factor * Barrier(p, kind, quantity.Name)))}");
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
            + $"median of what is left {Findings.Number(100 * Findings.Median(remaining))} %.");
    }

    private static double Barrier(ModelPath path, string kind, string quantity) =>
        path.Profiles.First(p => p.Kind == kind).Barrier(quantity);
}
