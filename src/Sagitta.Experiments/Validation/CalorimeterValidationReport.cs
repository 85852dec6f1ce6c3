namespace Sagitta.Experiments.Validation;

/// <summary>The page of a calorimeter's validation: the table of checks, and for each sample the quantities over the reference's with their
/// ratios.</summary>
internal static class CalorimeterValidationReport
{
    private const int Bins = 60;

    public static Report Write(
        TrackingCalorimeter calorimeter,
        IReadOnlyList<CheckSummary> checks,
        IReadOnlyList<(string Name, CalorimeterQuantities Simulation, CalorimeterQuantities Reference)> samples,
        ValidationOptions options)
    {
        List<Block> blocks = [.. ValidationReport.Verdict(checks)];
        foreach ((string name, CalorimeterQuantities simulation, CalorimeterQuantities reference) in samples)
        {
            blocks.Add(new Heading(name));
            blocks.AddRange(Sample(simulation, reference));
        }

        return new("Calorimeter simulation against its reference", blocks)
        {
            Subtitle =
                $"{calorimeter.Name}: {samples.Sum(sample => sample.Reference.Protons)} reference protons, {options.Copies} simulated "
                + $"for each",
            Facts = [("seed", options.Seed.ToString(CultureInfo.InvariantCulture))],
        };
    }

    private static IEnumerable<Illustration> Sample(CalorimeterQuantities simulation, CalorimeterQuantities reference)
    {
        int peak = reference.PeakLayer;
        int layers = Math.Min(peak + 3, reference.Survivors.Length);
        Axis layer = new("layer") { Low = -0.5, High = layers - 0.5 };
        yield return OverlaidHistograms.OfFractions(simulation.LastLayers, reference.LastLayers, -0.5, layers - 0.5, layers)
            .Draw(new("deepest layer") { Low = -0.5, High = layers - 0.5 }, new("fraction"), "Deepest layer of beam protons.");
        yield return PerLayer(layers, simulation, reference, (q, l) => Counted(q.Survivors[l], q.Protons))
            .Draw(layer, new("beam protons left"), "Fraction of beam protons with a hit in a layer.");
        yield return PerLayer(peak, simulation, reference, (q, l) => CalorimeterValidation.HalfWidth(q.Kinks(l)))
            .Draw(new("layer") { Low = -0.5, High = peak - 0.5 }, new("half width", "mrad"),
                "Change of slope at a layer, half the central 68 %; at layer 0 the slope itself.");
        yield return PerLayer(peak + 1, simulation, reference, (q, l) => Median(q.Deposits(l)))
            .Draw(new("layer") { Low = -0.5, High = peak + 0.5 }, new("median deposit", "keV"), "Median deposit of beam protons.");
        yield return PerLayer(layers, simulation, reference, (q, l) => Counted(q.SecondaryRows[l], q.Protons))
            .Draw(layer, new("hits for each beam proton"), "Hits of secondaries.");
        foreach (int at in new[] { 0, peak / 2, peak })
        {
            double most = reference.Deposits(at).Quantile(0.98);
            string caption = string.Create(CultureInfo.InvariantCulture, $"Deposits of beam protons in layer {at}.");
            yield return OverlaidHistograms.OfFractions(simulation.Deposits(at), reference.Deposits(at), 0, most, Bins)
                .Draw(new("deposit", "keV") { Low = 0, High = most }, new("fraction per bin"), caption);
        }

        Distribution kinks = reference.Kinks(peak / 2);
        double reach = 12 * CalorimeterValidation.HalfWidth(kinks).Width;
        yield return OverlaidHistograms.OfFractions(simulation.Kinks(peak / 2), kinks, -reach, reach, Bins)
            .Draw(new("change of slope", "mrad") { Low = -reach, High = reach }, new("fraction per bin") { Scale = AxisScale.Logarithmic },
                string.Create(CultureInfo.InvariantCulture, $"Change of slope at layer {peak / 2}, with its tails."));
    }

    private static OverlaidHistograms PerLayer(
        int layers, CalorimeterQuantities simulation, CalorimeterQuantities reference, Func<CalorimeterQuantities, int, (
            double Value, double Error)> of)
    {
        double[] edges = [.. Enumerable.Range(0, layers + 1).Select(l => l - 0.5)];
        (double Value, double Error)[] a = [.. Enumerable.Range(0, layers).Select(l => of(simulation, l))];
        (double Value, double Error)[] b = [.. Enumerable.Range(0, layers).Select(l => of(reference, l))];
        return new(edges, [.. a.Select(v => v.Value)], [.. a.Select(v => v.Error)], [.. b.Select(v => v.Value)],
            [.. b.Select(v => v.Error)]);
    }

    private static (double Value, double Error) Counted(int count, int protons) =>
        ((double)count / protons, Math.Sqrt(Math.Max(count, 1)) / protons);

    private static (double Value, double Error) Median(Distribution values) => (values.Quantile(0.5), values.QuantileError(0.5));
}
