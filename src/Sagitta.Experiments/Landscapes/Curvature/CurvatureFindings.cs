namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>What Hessians say, in words.</summary>
internal static class CurvatureFindings
{
    // What products and eigenvalues are held to.
    private const double ProductBound = 1e-5;
    private const double EigenvalueBound = 0.01;

    public static IEnumerable<Finding> Of(IReadOnlyList<ModelCurvature> curvatures)
    {
        foreach (IGrouping<string, ModelCurvature> loss in curvatures.GroupBy(c => c.Loss, StringComparer.Ordinal))
        {
            IEnumerable<string> methods = loss.GroupBy(c => c.Model.Method, StringComparer.Ordinal).Select(g =>
                $"{g.Key} {Values(g, 0)} and {Values(g, 1)}"
                + (g.FirstOrDefault(c => c.Result.Trace is not null) is { Result: { Trace: { } trace } result }
                    ? $", lowest {Findings.Number(result.Lanczos.Lowest)}, trace {Findings.Number(trace.Value)} +- "
                        + $"{Findings.Number(trace.Error)}" : ""));
            yield return new($"Leading eigenvalues, {loss.Key}", string.Join("; ", methods) + ".");
        }

        ModelCurvature[] held = [.. curvatures.Where(c => c.Result.ActiveFrames is not null)];
        if (held.Length > 0)
        {
            yield return new(
                "Does the assignment pass a gradient at the trained models?",
                string.Join("; ", held.GroupBy(c => c.Model.Method, StringComparer.Ordinal)
                    .Select(g =>
                    string.Create(
                        CultureInfo.InvariantCulture, $"{g.Key} in {g.Average(c => c.Result.ActiveFrames!.Value):0.0} frames on average")))
                + ". Where none does, the Hessian with slopes held is exactly zero.");
        }

        ModelCurvature[] curved = [.. curvatures.Where(c => c.Result.Lanczos.Leading[0].Value != 0)];
        if (curved.Length == 0)
        {
            yield break;
        }

        ModelCurvature random = curved.MaxBy(c => c.Result.Step.Error)!;
        ModelCurvature leading = curved.MaxBy(c => c.Result.LeadingError)!;
        int above = curved.Count(c => !(Math.Max(c.Result.Step.Error, c.Result.LeadingError) < ProductBound));
        yield return new(
            "How exact are the products?",
            $"Largest measured error {Findings.Number(random.Result.Step.Error)} in a random direction ({random.Model}, {random.Loss}) "
                + $"and {Findings.Number(leading.Result.LeadingError)} along the leading eigenvector "
            + $"({leading.Model}, {leading.Loss}); " + (above == 0 ? $"all {curved.Length} are under 1e-5."
                : $"{above} of {curved.Length} are not under 1e-5."));
        ModelCurvature[] compared = [.. curved.Where(c => c.Result.Power is not null)];
        if (compared.Length > 0)
        {
            double[] differences = [.. compared.Select(Difference)];
            int close = differences.Count(d => d < EigenvalueBound);
            ModelCurvature worst = compared[Array.IndexOf(differences, differences.Max())];
            yield return new(
                "Do Lanczos and power iteration agree?",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Within 1 % at {close} of {compared.Length}; the largest difference is {100 * differences.Max():0.0000} % "
                    + $"({worst.Model}, {worst.Loss}")
                + (worst.Result.Power!.Converged ? "" : ", power iteration not converged")
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"). Lanczos takes {compared.Average(c => c.Result.Lanczos.Products):0} products, power iteration "
                    + $"{compared.Average(c => c.Result.Power!.Products):0}."));
            yield return new(
                "Is the minimum one?",
                "Share of negative eigenvalues by the density, and lowest over leading eigenvalue: " + string.Join(
                    "; ", compared.Where(c => c.Result.Density is not null).Select(c =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{c.Model.Method}, {c.Loss} {100 * c.Result.Density!.ShareBelow(-1e-6 * c.Result.Lanczos.Leading[0].Value):0} "
                        + $"%, {c.Result.Lanczos.Lowest / c.Result.Lanczos.Leading[0].Value:0.000}"))) + ".");
        }
    }

    // Values of mixed signs, or zeros among them, have no mean worth telling.
    private static string Values(IEnumerable<ModelCurvature> curvatures, int pair)
    {
        double[] values = [.. curvatures.Select(c => c.Result.Lanczos.Leading[pair].Value)];
        return values.All(v => v > 0) ? Findings.Mean(values) : string.Join(" / ", values.Select(Findings.Number));
    }

    private static double Difference(ModelCurvature curvature) =>
        curvature.Result.Lanczos.Leading.Zip(curvature.Result.Power!.Leading).Max(
        p => Math.Abs(p.First.Value - p.Second.Value) / Math.Abs(p.First.Value));
}
