namespace Sagitta.Experiments.Validation;

/// <summary>Compares the simulation of the tracking calorimeter with reference passages, layer by layer up to where most protons
/// stop.</summary>
internal static class CalorimeterValidation
{
    private const double StopBound = 0.2;
    private const double ScatteringBound = 0.05;
    private const double DepositBound = 0.05;
    private const double LossBound = 0.03;
    private const double SecondaryBound = 0.25;

    // Of the worst of many layers.
    private const double LayerErrors = 3.5;

    /// <summary>Reads files, each behind a thickness of water in mm, and compares them.</summary>
    /// <exception cref="BadInputException">A file is missing or breaks a rule.</exception>
    public static ValidationResult Run(
        string calorimeter, IReadOnlyList<string> hits, IReadOnlyList<double> phantoms, ValidationOptions options, int threads,
            IRunProgress progress, CancellationToken stop)
    {
        if (hits.Count != phantoms.Count)
        {
            throw new BadInputException("the command line",
                $"there are {hits.Count} files of hits and {phantoms.Count} thicknesses of water",
                "give one --water MM for each --hits FILE, in the same order");
        }

        CalorimeterSample[] samples = [.. hits.Zip(phantoms, Read)];
        return Run(TrackingCalorimeterFile.Load(calorimeter), samples, options, threads, progress, stop);
    }

    /// <summary>Simulates as many protons as each sample has, times the options' copies, and checks.</summary>
    public static ValidationResult Run(
        TrackingCalorimeter calorimeter, IReadOnlyList<CalorimeterSample> samples, ValidationOptions options, int threads,
            IRunProgress progress, CancellationToken stop = default)
    {
        CheckList checks = new();
        List<(string, CalorimeterQuantities, CalorimeterQuantities)> compared = [];
        using WorkerThreads workers = new(threads);
        using IStageProgress stage = progress.Begin("simulate and compare", samples.Count, "samples");
        foreach (CalorimeterSample sample in samples)
        {
            stop.ThrowIfCancellationRequested();
            if (sample.Deposits.Count == 0)
            {
                throw new BadInputException($"'{sample.Name}'", "there are no passages", "give a file with some");
            }

            // Protons that left nothing count too: the last number tells how many there were.
            long last = sample.Deposits.EventNumber.Max();
            if (sample.Deposits.EventNumber.Min() < 0 || last >= int.MaxValue / options.Copies)
            {
                throw new BadInputException($"'{sample.Name}'",
                    $"the events have the numbers {sample.Deposits.EventNumber.Min()} to {last}",
                    $"number the protons from 0: here the number tells how many there were, at most {int.MaxValue / options.Copies}");
            }

            int protons = (int)last + 1;

            ProtonPlan plan = new(calorimeter, sample.Phantom);
            CalorimeterDeposits simulated = CalorimeterSimulation.Generate(
                plan, options.Seed + (ulong)compared.Count, 0, protons * options.Copies, workers);
            CalorimeterQuantities simulation = new(simulated, protons * options.Copies, calorimeter.LayerPositions);
            CalorimeterQuantities reference = new(sample.Deposits, protons, calorimeter.LayerPositions);
            Check(checks, sample.Name, simulation, reference);
            compared.Add((sample.Name, simulation, reference));
            stage.Advance();
        }

        return new(checks.Checks, CalorimeterValidationReport.Write(calorimeter, checks.Checks, compared, options));
    }

    /// <summary>Half the distance between the 16 % and 84 % quantiles, and its standard error.</summary>
    internal static (double Width, double Error) HalfWidth(Distribution values)
    {
        const double Low = 0.1587;
        double width = (values.Quantile(1 - Low) - values.Quantile(Low)) / 2;
        double low = values.QuantileError(Low);
        double high = values.QuantileError(1 - Low);

        // The two quantiles are correlated by Low / (1 - Low).
        return (width, Math.Sqrt((low * low) + (high * high) - (2 * low * high * Low / (1 - Low))) / 2);
    }

    private static void Check(CheckList checks, string name, CalorimeterQuantities simulation, CalorimeterQuantities reference)
    {
        int peak = reference.PeakLayer;
        (double mean, double error) = simulation.Stop;
        (double referenceMean, double referenceError) = reference.Stop;
        checks.Difference($"{name}, mean last layer of beam protons", mean, referenceMean, error, referenceError, StopBound);
        (mean, error) = simulation.StopNear(peak);
        (referenceMean, referenceError) = reference.StopNear(peak);
        checks.Difference($"{name}, mean last layer of those that stop at the peak", mean, referenceMean, error, referenceError, StopBound);

        (double Value, string Layer) scattering = (0, "");
        (double Value, string Layer) deposit = (0, "");
        (double Value, string Layer) survival = (0, "");
        long beyond = 0, referenceBeyond = 0, kinks = 0, referenceKinks = 0;
        for (int layer = 0; layer <= peak; layer++)
        {
            if (layer < peak)
            {
                Distribution a = simulation.Kinks(layer);
                Distribution b = reference.Kinks(layer);
                Worst(ref scattering, layer, HalfWidth(a), HalfWidth(b), ScatteringBound);
                double far = 4 * HalfWidth(b).Width;
                beyond += (long)Math.Round(a.FractionBeyond(0, far) * a.Count);
                referenceBeyond += (long)Math.Round(b.FractionBeyond(0, far) * b.Count);
                kinks += a.Count;
                referenceKinks += b.Count;
            }

            Distribution c = simulation.Deposits(layer);
            Distribution d = reference.Deposits(layer);
            Worst(ref deposit, layer, (c.Quantile(0.5), c.QuantileError(0.5)), (d.Quantile(0.5), d.QuantileError(0.5)), DepositBound);
            if (layer < peak)
            {
                Worst(ref survival, layer, Fraction(simulation.Survivors[layer], simulation.Protons),
                    Fraction(reference.Survivors[layer], reference.Protons), LossBound);
            }
        }

        checks.AtMost($"{name}, scattering: width of the change of slope, worst layer ({scattering.Layer}) over its bound",
            scattering.Value, 1, "at most 1 (5 %, or 3.5 standard errors)");
        checks.Factor($"{name}, scattering: fraction beyond 4 widths", (double)beyond / kinks, (double)referenceBeyond / referenceKinks,
            kinks, referenceKinks, 1.5);
        checks.AtMost($"{name}, median deposit, worst layer ({deposit.Layer}) over its bound", deposit.Value, 1,
            "at most 1 (5 %, or 3.5 standard errors)");
        checks.AtMost($"{name}, beam protons left, worst layer before the peak ({survival.Layer}) over its bound", survival.Value, 1,
            "at most 1 (3 %, or 3.5 standard errors)");
        int before = Math.Max(peak - 2, 0);
        checks.Fraction($"{name}, beam protons lost up to layer {before}",
            1 - Fraction(simulation.Survivors[before], simulation.Protons).Value,
            1 - Fraction(reference.Survivors[before], reference.Protons).Value, simulation.Protons, reference.Protons, LossBound);
        checks.Ratio($"{name}, hits of secondaries for each beam proton", simulation.SecondaryRowsPerProton,
            reference.SecondaryRowsPerProton,
            simulation.SecondaryRowsError, reference.SecondaryRowsError, SecondaryBound);
    }

    private static void Worst(ref (double Value, string Layer) worst, int layer, (double Value, double Error) simulation,
        (double Value, double Error) reference, double bound)
    {
        double relative = simulation.Error / simulation.Value;
        double other = reference.Error / reference.Value;
        double allowed = Math.Max(bound, LayerErrors * Math.Sqrt((relative * relative) + (other * other)));
        double found = Math.Abs((simulation.Value / reference.Value) - 1) / allowed;
        if (found >= worst.Value)
        {
            worst = (found, string.Create(CultureInfo.InvariantCulture, $"{layer}, ratio {simulation.Value / reference.Value:0.000}"));
        }
    }

    private static (double Value, double Error) Fraction(int part, int all)
    {
        double value = (double)part / all;
        return (value, Math.Sqrt(value * (1 - value) / all));
    }

    private static CalorimeterSample Read(string file, double phantom) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{phantom} mm"), phantom, CalorimeterDepositReader.Read(file));
}

/// <summary>Passages of a reference, whose events count from 0, behind one thickness of phantom in mm.</summary>
internal sealed record CalorimeterSample(string Name, double Phantom, CalorimeterDeposits Deposits);

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

    private static OverlaidHistograms PerLayer(int layers, CalorimeterQuantities simulation, CalorimeterQuantities reference,
        Func<CalorimeterQuantities, int, (double Value, double Error)> of)
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
