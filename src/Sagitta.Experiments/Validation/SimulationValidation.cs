namespace Sagitta.Experiments.Validation;

/// <summary>Compares the simulation with reference deposits (Geant4's) of the same vertices: deflection, scattering, deposits, electrons,
/// and after the same digitiser strips, centroids and fits with the labels as weights.</summary>
internal static class SimulationValidation
{
    /// <summary>Runs all checks on files of deposits pooled, each with the file of its muons.</summary>
    /// <exception cref="BadInputException">A file is missing or breaks a rule.</exception>
    public static ValidationResult Run(string detectorName, IReadOnlyList<string> deposits, IReadOnlyList<string> truths,
        ValidationOptions options, IRunProgress progress, CancellationToken stop)
    {
        Detector detector = DetectorFile.Load(detectorName);
        return Run(detector, [.. deposits.Zip(truths, (hits, muons) => Geant4Deposits.Read(detector, hits, muons))], options, progress,
            stop);
    }

    /// <summary>Runs all checks on reference sets pooled.</summary>
    public static ValidationResult Run(Detector detector, IReadOnlyList<DepositSet> references, ValidationOptions options,
        IRunProgress progress, CancellationToken stop = default)
    {
        var simulated = new List<DepositSet>();
        long events = references.Sum(set => (long)set.Count);
        using (IStageProgress stage = progress.Begin("simulate the same vertices", events * options.Copies, "events"))
        {
            foreach (DepositSet set in references)
            {
                stop.ThrowIfCancellationRequested();
                simulated.Add(MuonSimulation.SimulateVertices(detector, set, options.Copies, options.Seed + (ulong)simulated.Count));
                stage.Advance((long)set.Count * options.Copies);
            }
        }

        var checks = new CheckList();
        var reference = new DepositQuantities(detector, references);
        var simulation = new DepositQuantities(detector, simulated);
        CheckDeflection(checks, detector, simulation, reference);
        CheckDisplacement(checks, simulation, reference);
        CheckDeposits(checks, simulation, reference, RandomKey.FromSeed(options.Seed).Split("bootstrap"));

        var referenceHits = new HitQuantities(detector);
        var simulatedHits = new HitQuantities(detector);
        using (IStageProgress stage = progress.Begin("digitise and fit", events * (options.Copies + 1), "events"))
        {
            Digitise(detector, references, options.Seed, referenceHits, stage, stop);
            Digitise(detector, simulated, options.Seed + 1000, simulatedHits, stage, stop);
        }

        CheckHits(checks, detector, simulatedHits, referenceHits);
        return new(checks.Checks, ValidationReport.Write(
            detector, checks.Checks, events, options, (simulation, reference), (simulatedHits, referenceHits)));
    }

    private static void Digitise(Detector detector, IReadOnlyList<DepositSet> sets, ulong seed, HitQuantities hits, IStageProgress stage,
        CancellationToken stop)
    {
        var quiet = new DigitisationOptions { Background = new() { KHzPerCm2 = [0] } };
        for (int i = 0; i < sets.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            hits.Add(DepositDigitisation.Digitise(detector, sets[i], quiet, seed + (ulong)i));
            stage.Advance(sets[i].Count);
        }
    }

    private static void CheckDeflection(CheckList checks, Detector detector, DepositQuantities simulation, DepositQuantities reference)
    {

        // Unlike the largest of numbers, this is undefined where one of them is.
        double worst = Enumerable.Range(0, detector.Planes.Count).Select(
            p => DeflectionInBounds(simulation.Deflection(p), reference.Deflection(p))).Aggregate(Math.Max);
        checks.AtMost("mean deflection, worst plane, in units of its bound", worst, 1, "at most 1 (3 standard errors, or 20 um)");
    }

    private static void CheckDisplacement(CheckList checks, DepositQuantities simulation, DepositQuantities reference)
    {
        for (int k = 0; k < reference.DisplacementPlanes.Count; k++)
        {
            int plane = reference.DisplacementPlanes[k];
            Distribution a = simulation.Displacements[k];
            Distribution b = reference.Displacements[k];
            (double widthA, double errorA) = CentralWidth(a);
            (double widthB, double errorB) = CentralWidth(b);
            checks.Ratio($"displacement at plane {plane}, central 98 % width", widthA, widthB, errorA, errorB, 0.05);

            // A width is the standard deviation that a Gaussian of the reference's central 98 % has, the same for both.
            double width = widthB / 2 / 2.3263;
            checks.Factor($"displacement at plane {plane}, fraction beyond 4 widths", a.FractionBeyond(0, 4 * width),
                b.FractionBeyond(0, 4 * width), a.Count, b.Count, 1.5);
        }
    }

    /// <summary>The difference of two means in units of what is allowed: three combined standard errors, or 20 um where that is
    /// more.</summary>
    internal static double DeflectionInBounds(DeflectionSum simulation, DeflectionSum reference)
    {
        const double Errors = 3;
        const double Allowed = 0.020;
        double error = Math.Sqrt((simulation.MeanError * simulation.MeanError) + (reference.MeanError * reference.MeanError));
        return Math.Abs(simulation.Mean - reference.Mean) / Math.Max(Errors * error, Allowed);
    }

    private static (double Width, double Error) CentralWidth(Distribution values) =>
        (values.Quantile(0.99) - values.Quantile(0.01), values.SpanError(0.01, 0.99));

    private static void CheckDeposits(CheckList checks, DepositQuantities simulation, DepositQuantities reference, RandomKey key)
    {
        Distribution a = simulation.LayerEnergy;
        Distribution b = reference.LayerEnergy;
        checks.Ratio("deposit per plane, most probable value", a.Mode(), b.Mode(), a.ModeError(key.Split(0)),
            b.ModeError(key.Split(1)), 0.05);
        checks.Ratio("deposit per plane, median", a.Quantile(0.5), b.Quantile(0.5), a.QuantileError(0.5), b.QuantileError(0.5), 0.05);
        checks.Ratio("deposit per plane, 99th percentile", a.Quantile(0.99), b.Quantile(0.99), a.QuantileError(0.99),
            b.QuantileError(0.99), 0.15);
        checks.Fraction("planes with an electron's deposit", simulation.WithElectron, reference.WithElectron, 0.10);
        checks.Fraction("planes with an electron at 0.5 to 5 mm", simulation.WithMiddleElectron, reference.WithMiddleElectron, 0.15);
        checks.Fraction("planes with an electron beyond 5 mm", simulation.WithFarElectron, reference.WithFarElectron, 0.25);
    }

    private static void CheckHits(CheckList checks, Detector detector, HitQuantities simulation, HitQuantities reference)
    {
        checks.Distance("strips per muon crossing", simulation.Strips, reference.Strips, 0.02);
        checks.Distance("centroid residual", simulation.Residuals, reference.Residuals, 0.02);

        var limit = new ReferenceResolution(new ResolutionLimit(detector, detector.NominalResolution));
        ResolutionSummary simulated = ResolutionSummary.Of([.. simulation.Tracks], limit.Relative, []);
        ResolutionSummary referred = ResolutionSummary.Of([.. reference.Tracks], limit.Relative, []);
        checks.Ratio("truth method, core width of r/limit", simulated.CoreWidth, referred.CoreWidth, CoreError(simulation, limit),
            CoreError(reference, limit), 0.03);
        checks.Fraction("truth method, fraction beyond 3 limits", simulated.Tail3, referred.Tail3, simulated.Attempted,
            referred.Attempted, 0.15);
        checks.Fraction("truth method, fraction beyond 5 limits", simulated.Tail5, referred.Tail5, simulated.Attempted,
            referred.Attempted, 0.15);
    }

    private static double CoreError(HitQuantities hits, ReferenceResolution limit) =>
        new Distribution([.. hits.Tracks.Select(track => track.Residual / limit.Relative(track.TruePt)).Where(double.IsFinite)]).SpanError(
            0.16, 0.84) / 2;
}
