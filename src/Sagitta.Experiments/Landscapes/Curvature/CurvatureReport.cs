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
            .. curvatures.Select(c => (IReadOnlyList<Cell>)
            [
                c.Model.ToString(), c.Loss, c.Own ? "yes" : "", c.Result.Loss, c.Result.GradientNorm, c.Result.Lanczos.Leading[
                    0].Value, c.Result.Lanczos.Leading[1].Value,
                c.Result.Lanczos.Lowest, c.Result.Lanczos.Products,
                c.Result.Trace is { } trace ? new NumberCell(trace.Value, trace.Error) : new NumberCell(double.NaN),
            ]),
        ])
    {
        Caption =
            "Leading eigenvalues of the Hessian by Lanczos with full reorthogonalisation, running averages held fixed; own: the loss "
            + "that the model was trained on. "
            + "The trace is Hutchinson's estimate with its standard error, for the first model of each method.",
    };

    private static Table Methods(IReadOnlyList<ModelCurvature> curvatures) => new(
        ["model", "loss", "Lanczos λ_{1}", "power λ_{1}", new("difference", "%"), "Lanczos λ_{2}",
            "power λ_{2}", new("difference", "%"),
            "products", "of power"],
        [
            .. curvatures.Where(c => c.Result.Power is not null).Select(c =>
            {
                IReadOnlyList<Eigenpair> lanczos = c.Result.Lanczos.Leading;
                IReadOnlyList<Eigenpair> power = c.Result.Power!.Leading;
                return (IReadOnlyList<Cell>)
                [
                    c.Model.ToString(), c.Loss, lanczos[0].Value, power[0].Value, Percent(lanczos[0], power[0]), lanczos[1].Value, power[
                        1].Value, Percent(lanczos[1], power[1]),
                    c.Result.Lanczos.Products, c.Result.Power.Products,
                ];
            }),
        ])
    {
        Caption = "Lanczos against power iteration with deflation, on the same Hessian-vector products.",
    };

    private static Table Errors(IReadOnlyList<ModelCurvature> curvatures) => new(
        ["model", "loss", "step h", "error, random direction", "error, leading direction", "asymmetry"],
        [.. curvatures.Select(c => (IReadOnlyList<Cell>)[
            c.Model.ToString(), c.Loss, Small(c.Result.Step.Step), Small(c.Result.Step.Error), Small(c.Result.LeadingError), Small(
            c.Result.Asymmetry)])])
    {
        Caption =
            "Measured error of Hessian-vector products: relative difference between products at h and at h/4, along a random direction "
            + "and along the leading eigenvector; "
            + "and |u H v - v H u| over their mean.",
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
}
