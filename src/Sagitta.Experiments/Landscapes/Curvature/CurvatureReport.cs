using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>Curvatures in the report: eigenvalues, the cross-check of Lanczos by power iteration, densities, the error of
/// products.</summary>
internal static class CurvatureReport
{
    public static IEnumerable<Block> Of(IReadOnlyList<ModelCurvature> curvatures)
    {
        yield return Eigenvalues(curvatures);
        yield return Methods(curvatures);
        yield return Errors(curvatures);
        if (curvatures.FirstOrDefault(c => c.Own) is { } example)
        {
            yield return Ladder(example);
        }

        ModelCurvature[] densities = [.. curvatures.Where(
            c => c.Result.Density is { } density && density.Nodes.Max() > density.Nodes.Min())];
        if (densities.Length > 0)
        {
            yield return Density(densities);
        }
    }

    private static Table Eigenvalues(IReadOnlyList<ModelCurvature> curvatures) => new(
        ["model", "loss", "own", "value", "gradient", "λ_{1}", "λ_{2}", "lowest", "products", "trace"],
        [
            .. curvatures.Select(c => (Metric[])
            [
                c.Model.ToString(), c.Loss, c.Own ? "yes" : "", c.Result.Loss, c.Result.GradientNorm, c.Result.Lanczos.Leading[0].Value,
                c.Result.Lanczos.Leading[1].Value, c.Result.Lanczos.Lowest, c.Result.Lanczos.Products,
                c.Result.Trace is { } trace ? new Metric(trace.Value, trace.Error) : double.NaN,
            ]),
        ])
    {
        Caption = "Leading eigenvalues of the Hessian by Lanczos with full reorthogonalisation, running averages held fixed; own: the loss "
            + "that the model was trained on. The trace is Hutchinson's estimate with its standard error, for the first model of each "
                + "method.",
    };

    private static Table Methods(IReadOnlyList<ModelCurvature> curvatures) => new(
        ["model", "loss", "Lanczos λ_{1}", "power λ_{1}", new("difference", "%"),
            "Lanczos λ_{2}", "power λ_{2}", new("difference", "%"),
            "products", "of power"],
        [
            .. from c in curvatures
               where c.Result.Power is not null
               let a = c.Result.Lanczos.Leading
               let b = c.Result.Power!.Leading
               select (Metric[])[c.Model.ToString(), c.Loss, a[0].Value, b[0].Value, Percent(a[0], b[0]), a[1].Value, b[1].Value,
                   Percent(a[1], b[1]), c.Result.Lanczos.Products, c.Result.Power!.Products],
        ])
    {
        Caption = "Lanczos against power iteration with deflation, on the same Hessian-vector products.",
    };

    private static Table Errors(IReadOnlyList<ModelCurvature> curvatures) => new(
        ["model", "loss", "step h", "error, random direction", "error, leading direction", "asymmetry"],
        [.. curvatures.Select(c => (Metric[])[c.Model.ToString(), c.Loss, Small(c.Result.Step.Step), Small(c.Result.Step.Error),
            Small(c.Result.LeadingError), Small(c.Result.Asymmetry)])])
    {
        Caption =
            "Measured error of Hessian-vector products: relative difference between products at h and at h/4, along a random direction "
            + "and along the leading eigenvector; and |u H v - v H u| over their mean.",
    };

    private static Illustration Ladder(ModelCurvature example)
    {
        IReadOnlyList<StepError> ladder = example.Result.Step.Ladder;
        IReadOnlyList<StepError> leading = example.Result.LeadingLadder;
        Panel panel = new(
            new("step h") { Scale = AxisScale.Logarithmic },
            new("relative difference to h/4") { Scale = AxisScale.Logarithmic },
            [
                new Points([.. ladder.Select(s => s.Step)], [.. ladder.Select(s => s.Error)]) { Joined = true, Label = "random direction" },
                new Points([.. leading.Select(s => s.Step)], [.. leading.Select(s => s.Error)]) { Joined = true, Series = 1,
                    Label = "leading eigenvector" },
                new Rule(example.Result.Step.Step, Vertical: true),
            ]);
        return new(
            new Figure(panel) { PanelHeight = 220 },
            $"How the step was chosen ({example.Model}, {example.Loss}): long steps straddle kinks of rectifiers and maxima, short ones "
                + $"drown in rounding.");
    }

    private static Illustration Density(ModelCurvature[] curvatures)
    {
        List<Panel> panels = [];
        foreach (ModelCurvature curvature in curvatures)
        {
            SpectralDensity density = curvature.Result.Density!;
            double low = density.Nodes.Min();
            double high = density.Nodes.Max();
            double width = (high - low) / 100;
            double[] x = [.. Enumerable.Range(0, 401).Select(i => low - (4 * width) + (i / 400.0 * (high - low + (8 * width))))];
            double[] y = [.. x.Select(value => density.At(value, width))];
            Axis vertical = new("density") { Scale = AxisScale.Logarithmic, Low = y.Max() * 1e-6, High = y.Max() * 2 };
            panels.Add(new(new("eigenvalue"), vertical, [new Curve(x, y), new Rule(0, Vertical: true)])
            {
                Title =
                $"{curvature.Model}, {curvature.Loss}"
            });
        }

        return new(
            new Figure(panels) { Columns = Math.Min(2, panels.Count), Width = panels.Count > 1 ? 900 : 640, PanelHeight = 200 },
            "Spectral density of the Hessian by stochastic Lanczos quadrature, each node spread by a hundredth of the range. Its "
                + "integral is 1.");
    }

    private static double Percent(Eigenpair a, Eigenpair b) => 100 * Math.Abs(a.Value - b.Value) / Math.Abs(a.Value);

    private static string Small(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0e+0}");

    // What products and eigenvalues are held to.
    private const double ProductBound = 1e-5;
    private const double EigenvalueBound = 0.01;

    public static IEnumerable<Finding> Findings(IReadOnlyList<ModelCurvature> curvatures)
    {
        foreach (IGrouping<string, ModelCurvature> loss in curvatures.GroupBy(c => c.Loss, StringComparer.Ordinal))
        {
            IEnumerable<string> methods = loss.GroupBy(c => c.Model.Method, StringComparer.Ordinal).Select(g =>
                $"{g.Key} {Values(g, 0)} and {Values(g, 1)}"
                + (g.FirstOrDefault(c => c.Result.Trace is not null) is { Result: { Trace: { } trace } result }
                    ? $", lowest {FindingText.Number(result.Lanczos.Lowest)}, trace {FindingText.Number(trace.Value)} +- "
                        + $"{FindingText.Number(trace.Error)}" : ""));
            yield return new($"Leading eigenvalues, {loss.Key}", string.Join("; ", methods) + ".");
        }

        ModelCurvature[] held = [.. curvatures.Where(c => c.Result.ActiveFrames is not null)];
        if (held.Length > 0)
        {
            yield return new(
                "Does the assignment pass a gradient at the trained models?",
                string.Join("; ", held.GroupBy(c => c.Model.Method, StringComparer.Ordinal).Select(g => string.Create(
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
            $"Largest measured error {FindingText.Number(random.Result.Step.Error)} in a random direction ({random.Model}, {random.Loss}) "
                + $"and {FindingText.Number(leading.Result.LeadingError)} along the leading eigenvector "
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
                string.Create(CultureInfo.InvariantCulture,
                    $"Within 1 % at {close} of {compared.Length}; the largest difference is {100 * differences.Max():0.0000} % "
                    + $"({worst.Model}, {worst.Loss}{(worst.Result.Power!.Converged ? "" : ", power iteration not converged")}). Lanczos "
                    + $"takes {compared.Average(c => c.Result.Lanczos.Products):0} products, power iteration "
                    + $"{compared.Average(c => c.Result.Power!.Products):0}."));
            yield return new(
                "Is the minimum one?",
                "Share of negative eigenvalues by the density, and lowest over leading eigenvalue: " + string.Join("; ",
                    compared.Where(c => c.Result.Density is not null).Select(c => string.Create(CultureInfo.InvariantCulture,
                        $"{c.Model.Method}, {c.Loss} {100 * c.Result.Density!.ShareBelow(-1e-6 * c.Result.Lanczos.Leading[0].Value):0} "
                        + $"%, {c.Result.Lanczos.Lowest / c.Result.Lanczos.Leading[0].Value:0.000}"))) + ".");
        }
    }

    // Values of mixed signs, or zeros among them, have no mean worth telling.
    private static string Values(IEnumerable<ModelCurvature> curvatures, int pair)
    {
        double[] values = [.. curvatures.Select(c => c.Result.Lanczos.Leading[pair].Value)];
        return values.All(v => v > 0) ? FindingText.Mean(values) : string.Join(" / ", values.Select(FindingText.Number));
    }

    private static double Difference(ModelCurvature curvature) =>
        curvature.Result.Lanczos.Leading.Zip(curvature.Result.Power!.Leading).Max(
        p => Math.Abs(p.First.Value - p.Second.Value) / Math.Abs(p.First.Value));

    public static JsonArray Summary(IEnumerable<ModelCurvature> curvatures) => SummaryJson.Of(
        from c in curvatures
        let r = c.Result
        select new
        {
            c.Model.Method,
            c.Model.Seed,
            c.Loss,
            c.Own,
            Value = r.Loss,
            r.GradientNorm,
            r.Dimensions,
            Eigenvalues = r.Lanczos.Leading.Select(p => p.Value),
            Residuals = r.Lanczos.Leading.Select(p => p.Residual),
            r.Lanczos.Lowest,
            r.Lanczos.Products,
            r.Lanczos.Converged,
            r.Step.Step,
            ProductError = r.Step.Error,
            LeadingProductError = r.LeadingError,
            r.Asymmetry,
            r.ActiveFrames,
            PowerEigenvalues = r.Power?.Leading.Select(p => p.Value),
            PowerProducts = r.Power?.Products,
            PowerConverged = r.Power?.Converged,
            Trace = r.Trace?.Value,
            TraceError = r.Trace?.Error,
            NegativeShare = r.Density?.ShareBelow(0),
            TraceFromDensity = r.Density?.Mean(x => x) * r.Dimensions,
        });
}
