namespace Sagitta.Experiments.Calorimeter;

/// <summary>One method on one sample, averaged over seeds. Errors combine the spread of seeds and that of frames.</summary>
internal sealed record CalorimeterRow
{
    /// <summary>Averages results of one method that differ in the seed.</summary>
    public CalorimeterRow(IReadOnlyList<CalorimeterMethodResult> seeds)
    {
        Label = seeds[0].Label;
        Seeds = seeds.Count;
        (Purity, PurityError) = Combine(seeds, m => m.Purity, m => m.PurityError);
        (Efficiency, EfficiencyError) = Combine(seeds, m => m.Efficiency, m => m.EfficiencyError);
        EfficiencyReference = seeds.Average(s => s.Metrics.EfficiencyReference);
        TruePositiveRate = seeds.Average(s => s.Metrics.TruePositiveRate);
        RangeError = seeds.Average(s => s.Metrics.RangeError);
        FalsePositiveRate = seeds.Average(s => s.Metrics.FalsePositiveRate);
    }

    /// <summary>Name of the method.</summary>
    public string Label { get; }

    /// <summary>Number of seeds.</summary>
    public int Seeds { get; }

    /// <summary>Mean purity.</summary>
    public double Purity { get; }

    /// <summary>Its error.</summary>
    public double PurityError { get; }

    /// <summary>Mean efficiency.</summary>
    public double Efficiency { get; }

    /// <summary>Its error.</summary>
    public double EfficiencyError { get; }

    /// <summary>Mean efficiency as published.</summary>
    public double EfficiencyReference { get; }

    /// <summary>Share of true segments chosen.</summary>
    public double TruePositiveRate { get; }

    /// <summary>Share of false segments chosen.</summary>
    public double FalsePositiveRate { get; }

    /// <summary>Mean absolute error of ranges by wrong hits, mm of water.</summary>
    public double RangeError { get; }

    /// <summary>The rows of a sample in the order of its methods.</summary>
    public static IReadOnlyList<CalorimeterRow> Of(CalorimeterSampleResult sample) =>
        [.. sample.Methods.GroupBy(m => m.Label, StringComparer.Ordinal).Select(g => new CalorimeterRow([.. g]))];

    private static (double Mean, double Error) Combine(
        IReadOnlyList<CalorimeterMethodResult> seeds, Func<CalorimeterMetrics, double> value, Func<CalorimeterMetrics, double> error)
    {
        double mean = seeds.Average(s => value(s.Metrics));
        double between = seeds.Count < 2 ? 0 : seeds.Sum(s => Math.Pow(value(s.Metrics) - mean, 2)) / (seeds.Count - 1.0) / seeds.Count;

        // All seeds see the same frames, so their frame errors do not average out.
        double within = seeds.Average(s => Math.Pow(error(s.Metrics), 2));
        return (mean, Math.Sqrt(between + (double.IsNaN(within) ? 0 : within)));
    }
}
