namespace Sagitta.Experiments.Validation;

/// <summary>The page of a validation: the table of checks, and each quantity's histogram over the reference's with their ratio
/// below.</summary>
internal static class ValidationReport
{
    private const int Bins = 60;

    public static Report Write(
        Detector detector,
        IReadOnlyList<CheckSummary> checks,
        long events,
        ValidationOptions options,
        (DepositQuantities Simulation, DepositQuantities Reference) deposits,
        (HitQuantities Simulation, HitQuantities Reference) hits)
    {
        List<Block> blocks = [.. Verdict(checks)];
        blocks.Add(Deflections(detector, deposits.Simulation, deposits.Reference));
        for (int k = 0; k < deposits.Reference.DisplacementPlanes.Count; k++)
        {
            (Distribution a, Distribution b) = (deposits.Simulation.Displacements[k], deposits.Reference.Displacements[k]);
            double reach = 8 * (b.Quantile(0.99) - b.Quantile(0.01)) / 4.65;
            blocks.Add(Overlay(a, b, "displacement x p_{T}", "mm GeV", -reach, reach, logarithmic: true,
                $"Displacement at plane {deposits.Reference.DisplacementPlanes[k]} from the circle without material, about its median."));
        }

        blocks.Add(Overlay(deposits.Simulation.LayerEnergy, deposits.Reference.LayerEnergy, "deposit per plane", "keV", 0, 4,
            logarithmic: false, "Deposit of muon and electrons in a plane, its peak."));
        blocks.Add(Overlay(deposits.Simulation.LayerEnergy, deposits.Reference.LayerEnergy, "deposit per plane", "keV", 0, 60,
            logarithmic: true, "The same, its tail."));
        blocks.Add(Overlay(deposits.Simulation.ElectronDistance, deposits.Reference.ElectronDistance, "distance from the muon", "mm", 0, 30,
            logarithmic: true, "Distance of electrons' deposits from the muon in y."));
        blocks.Add(Overlay(hits.Simulation.Strips, hits.Reference.Strips, "strips", "", -0.5, 19.5, logarithmic: true,
            "Strips of a muon crossing after the digitiser.", bins: 20));
        blocks.Add(Overlay(hits.Simulation.Residuals, hits.Reference.Residuals, "centroid - crossing", "mm", -1, 1, logarithmic: true,
            "Charge-weighted centroid of the muon's strips about its crossing."));
        blocks.Add(Overlay(Residuals(hits.Simulation), Residuals(hits.Reference), "r = (q/p_{T} - truth)/truth", "", -0.1, 0.1,
            logarithmic: true, "Momentum residual of fits with the labels as weights."));
        return new("Simulation against its reference", blocks)
        {
            Subtitle = $"Detector {detector.Name}: {events} reference events, {options.Copies} simulated for each",
            Facts = [("seed", options.Seed.ToString(CultureInfo.InvariantCulture))],
        };
    }

    /// <summary>Whether all hold, and each against its bound.</summary>
    public static IReadOnlyList<Block> Verdict(IReadOnlyList<CheckSummary> checks)
    {
        bool holds = checks.All(check => check.Holds);
        return
        [
            new Verdict(holds ? VerdictOutcome.Holds : VerdictOutcome.Fails,
                holds ? "The simulation agrees with the reference within every bound."
                    : $"{checks.Count(check => !check.Holds)} of {checks.Count} checks fail."),
            new Table(["quantity", "found", "bound", "holds"],
                [.. checks.Select(check => (Metric[])[check.Name, check.Value.ToString("0.0000", CultureInfo.InvariantCulture),
                    check.Bound, check.Holds ? "yes" : "**no**"])])
            {
                Caption = "Each quantity against its bound; no bound is tighter than 2.5 combined standard errors.",
            },
        ];
    }

    private static Table Deflections(Detector detector, DepositQuantities simulation, DepositQuantities reference)
    {
        int last = detector.Planes.Count - 1;
        return new([new TableColumn("p_{T}", "GeV"), new TableColumn("simulation", "mm"), new TableColumn("reference", "mm"),
            "difference over bound"],
        [
            .. from momenta in MomentumGroup.Standard.Index()
               let a = simulation.Deflection(momenta.Index, last)
               let b = reference.Deflection(momenta.Index, last)
               where a.Count > 1 && b.Count > 1
               select (Metric[])[string.Create(CultureInfo.InvariantCulture, $"{momenta.Item.Low} to {momenta.Item.High}"),
                   new(a.Mean, a.MeanError), new(b.Mean, b.MeanError), SimulationValidation.DeflectionInBounds(a, b)],
        ])
        {
            Caption =
                "Mean displacement from the circle without material at the last plane, positive towards the muon's bend, by momentum. "
                + "The check is of all muons pooled.",
        };
    }

    private static Distribution Residuals(HitQuantities hits) =>
        new([.. hits.Tracks.Select(track => track.Residual).Where(double.IsFinite)]);

    private static Illustration Overlay(
        Distribution simulation, Distribution reference, string label, string unit, double low, double high, bool logarithmic,
            string caption, int bins = Bins)
    {
        Axis x = new(label, unit) { Low = low, High = high };
        Axis y = new("fraction per bin") { Scale = logarithmic ? AxisScale.Logarithmic : AxisScale.Linear };
        return OverlaidHistograms.OfFractions(simulation, reference, low, high, bins).Draw(x, y, caption);
    }
}

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
        (double Centre, double Ratio, double Error)[] ratios = [.. Enumerable.Range(0, Simulation.Length).Select(i =>
        {
            double relative = ReferenceErrors[i] / Reference[i];
            double other = SimulationErrors[i] / Simulation[i];
            double ratio = Reference[i] > 0 && relative * relative <= 1 / FewestForRatio ? Simulation[i] / Reference[i] : double.NaN;
            return ((Edges[i] + Edges[i + 1]) / 2, ratio,
                ratio > 0 ? ratio * Math.Sqrt((relative * relative) + (other * other)) : double.NaN);
        })];
        Panel panel = new(x, y,
            [
                new Histogram(Edges, Reference) { Label = "reference", Series = 0, Filled = true, Errors = ReferenceErrors },
                new Histogram(Edges, Simulation) { Label = "simulation", Series = 1 },
            ])
        {
            Lower = new Panel(x, new Axis("ratio") { Low = 0.5, High = 1.5 },
                [new Rule(1), new Points([.. ratios.Select(r => r.Centre)], [.. ratios.Select(r => r.Ratio)])
                    { Series = 1, YErrorLow = [.. ratios.Select(r => r.Error)] }]),
        };
        return new(new Figure(panel) { Description = caption }, caption);
    }
}
