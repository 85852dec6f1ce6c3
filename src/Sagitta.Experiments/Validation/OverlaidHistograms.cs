namespace Sagitta.Experiments.Validation;

/// <summary>A quantity of the simulation over that of its reference, bin by bin, with their ratio below.</summary>
internal sealed record OverlaidHistograms(double[] Edges, double[] Simulation, double[] SimulationErrors, double[] Reference,
    double[] ReferenceErrors)
{
    private const double FewestForRatio = 5;

    /// <summary>The fractions of two samples in bins.</summary>
    public static OverlaidHistograms OfFractions(Distribution simulation, Distribution reference, double low, double high, int bins)
    {
        double[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => low + ((high - low) * i / bins))];
        double[] a = simulation.Fractions(edges);
        double[] b = reference.Fractions(edges);
        return new(
            edges,
            a,
            [.. a.Select(fraction => Math.Sqrt(Math.Max(fraction, 1.0 / simulation.Count) / simulation.Count))],
            b,
            [.. b.Select(fraction => Math.Sqrt(fraction / reference.Count))]);
    }

    /// <summary>The figure; a ratio stands where the reference is above five of its errors squared, that is where it counts five or
    /// more.</summary>
    public Illustration Draw(Axis x, Axis y, string caption)
    {
        int bins = Simulation.Length;
        double[] centres = [.. Enumerable.Range(0, bins).Select(i => (Edges[i] + Edges[i + 1]) / 2)];
        double[] ratio = new double[bins];
        double[] errors = new double[bins];
        for (int i = 0; i < bins; i++)
        {
            double relative = ReferenceErrors[i] / Reference[i];
            double other = SimulationErrors[i] / Simulation[i];
            ratio[i] = Reference[i] > 0 && relative * relative <= 1 / FewestForRatio ? Simulation[i] / Reference[i] : double.NaN;
            errors[i] = ratio[i] > 0 ? ratio[i] * Math.Sqrt((relative * relative) + (other * other)) : double.NaN;
        }

        Panel panel = new(x, y,
            [
                new Histogram(Edges, Reference) { Label = "reference", Series = 0, Filled = true, Errors = ReferenceErrors },
                new Histogram(Edges, Simulation) { Label = "simulation", Series = 1 },
            ])
        {
            Lower = new Panel(x, new Axis("ratio") { Low = 0.5, High = 1.5 },
                [new Rule(1), new Points(centres, ratio) { Series = 1, YErrorLow = errors }]),
        };
        return new(new Figure(panel) { Description = caption }, caption);
    }
}
