namespace Sagitta.Experiments.Calorimeter;

/// <summary>What a run found.</summary>
/// <param name="Experiment">Its configuration.</param>
/// <param name="Samples">Test samples.</param>
/// <param name="Models">Trained models, in the order of training.</param>
/// <param name="LargestBend">The follower's setting.</param>
/// <param name="Example">A test frame to draw.</param>
internal sealed record CalorimeterComparison(
    CalorimeterExperiment Experiment,
    IReadOnlyList<CalorimeterSampleResult> Samples,
    IReadOnlyList<CalorimeterModel> Models,
    double LargestBend,
    CalorimeterFrame? Example)
{
    /// <summary>Primaries that each thickness of water trained on.</summary>
    public required int Primaries { get; init; }

    /// <summary>Purity on validation frames of each method, in the order of methods.</summary>
    public required IReadOnlyList<ValidationPurity> Validation { get; init; }

    /// <summary>Purity and efficiency against the smallest margin.</summary>
    public IReadOnlyList<MarginCurve> Curves { get; init; } = [];

    /// <summary>Ranges, energies and path lengths; none where the truth is not known.</summary>
    public IReadOnlyList<RangeQuality> Ranges { get; init; } = [];

    /// <summary>Images of a radiograph; none where there is no radiograph.</summary>
    public IReadOnlyList<ImageRow> Images { get; init; } = [];

    /// <summary>The predict-and-track without a range term that is purest on validation frames: the one that is compared with
    /// predict-then-track. Null where there is none.</summary>
    public string? Chosen => Validation.Where(v => v.Method is { Name: CalorimeterMethodKind.PredictAndTrack, RangeWeight: 0 })
        .MaxBy(v => v.Purity.Value)?.Method.Label;

    /// <summary>Paired differences of purity and efficiency in every sample.</summary>
    public IReadOnlyList<MethodDifference> Differences => [.. Samples.SelectMany(sample => Pairs().Select(pair =>
    {
        CalorimeterMethodResult[] Of(string label) => [.. sample.Methods.Where(m => m.Label == label)];
        PairedDifference Difference(Func<FrameResult, double> value) => FramePairs.Difference(
            [.. Of(pair.First).Select(m => m.Frames.Select(value).ToArray())],
            [.. Of(pair.Other).Select(m => m.Frames.Select(value).ToArray())], RandomKey.FromSeed(Experiment.Seed));
        return new MethodDifference(sample, pair.Other, pair.First, Difference(f => f.Score.Purity), Difference(f => f.Score.Efficiency));
    }))];

    private IEnumerable<(string First, string Other)> Pairs()
    {
        string first = Experiment.Methods.FirstOrDefault(m => m.Name == CalorimeterMethodKind.PredictThenTrack)?.Label ?? "";
        if (first.Length > 0)
        {
            foreach (string label in Experiment.Methods.Select(m => m.Label).Where(label => label != first))
            {
                yield return (first, label);
            }

            yield return (CalorimeterMethodResult.Follower, first);
        }

        foreach (CalorimeterMethodOptions method in Experiment.TunePrice ? Experiment.Methods : [])
        {
            yield return (method.Label, method.Label + CalorimeterMethodResult.Priced);
        }
    }
}

/// <summary>Purity of a method on validation frames.</summary>
/// <param name="Method">The method.</param>
/// <param name="Purity">Mean over seeds and frames, with the spread of seeds.</param>
internal sealed record ValidationPurity(CalorimeterMethodOptions Method, Metric Purity);

/// <summary>How two methods differ on the same frames.</summary>
internal sealed record MethodDifference(
    CalorimeterSampleResult Sample, string Label, string To, PairedDifference Purity, PairedDifference Efficiency);

/// <summary>All methods on one sample of frames.</summary>
/// <param name="Name">Name in summary.json.</param>
/// <param name="Water">Thickness of water, mm; 0 if unknown.</param>
/// <param name="Protons">Protons of a frame.</param>
/// <param name="Frames">Number of frames.</param>
/// <param name="Methods">Results, seeds of one method in order.</param>
internal sealed record CalorimeterSampleResult(
    string Name, int Water, int Protons, int Frames, IReadOnlyList<CalorimeterMethodResult> Methods);

/// <summary>One method on one sample.</summary>
/// <param name="Name">"predict-then-track", "predict-and-track", "follower".</param>
/// <param name="Method">How it was trained; null for the follower.</param>
/// <param name="Seed">Seed of its training.</param>
/// <param name="Frames">Results of the frames.</param>
/// <param name="Price">Price for unassigned hits that was tuned for this model; null where none was asked for.</param>
internal sealed record CalorimeterMethodResult(
    string Name, CalorimeterMethodOptions? Method, ulong Seed, IReadOnlyList<FrameResult> Frames, double? Price = null)
{
    /// <summary>Name of the follower.</summary>
    public const string Follower = "follower";

    /// <summary>Averages over the frames.</summary>
    public CalorimeterMetrics Metrics { get; } = new(Frames);

    /// <summary>Name for tables: the seeds of one method share it.</summary>
    public string Label =>
        (Method is null ? Name : Method.Label + (Price is null ? "" : Priced)) + (File is null ? "" : $" of {File}");

    /// <summary>File of its model, where several models of the method are no seeds of one training; else null.</summary>
    public string? File { get; init; }

    /// <summary>What follows the name of a method that was tested with a tuned price.</summary>
    public const string Priced = "-priced";
}
