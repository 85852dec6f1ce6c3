namespace Sagitta.Experiments.Calorimeter;

/// <summary>Purity and efficiency of a method against the smallest margin of the assignment that a track must have, behind one thickness of
/// water.</summary>
/// <param name="Water">Thickness, mm.</param>
/// <param name="Method">The method and its seeds.</param>
/// <param name="Points">Means over seeds and frames for each of <see cref="Margins"/>.</param>
/// <param name="Aim">What the cut is for.</param>
/// <param name="Cut">Place in <see cref="Margins"/> of the smallest margin with a purity of <see cref="WantedPurity"/> on validation
/// frames, the last one if none has it; or of the largest with an efficiency of <see cref="WantedEfficiency"/> there, the first one if none
/// has it.</param>
/// <param name="Validation">Purity and efficiency there on the validation frames.</param>
internal sealed record MarginCurve(
    int Water, MethodSeeds Method, IReadOnlyList<MarginPoint> Points, MarginAim Aim, int Cut, MarginPoint Validation)
{
    /// <summary>Purity that a cut is chosen for.</summary>
    public const double WantedPurity = 0.97;

    /// <summary>Efficiency that a cut is chosen for.</summary>
    public const double WantedEfficiency = 0.6;

    /// <summary>Margins that are tried; the first takes all tracks.</summary>
    public static IReadOnlyList<double> Margins { get; } =
        [double.NegativeInfinity, 0, 0.01, 0.02, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

    /// <summary>The aim as a word.</summary>
    public string AimText => Aim == MarginAim.Purity ? "purity" : "efficiency";

    /// <summary>The columns of their table.</summary>
    public static IReadOnlyList<MetricColumn<MarginCurve>> Columns { get; } =
    [
        new("water", "Water", "0", "Thickness of water before the calorimeter.", c => c.Water) { Unit = "mm" },
        CalorimeterTable.Method.Of<MarginCurve>(_ => null) with { Value = c => c.Method.Label },
        new("aim", "Aim", "", "What the margin is chosen for on validation frames: a purity of 97 % or an efficiency of 60 %.",
            c => c.AimText) { Width = -10 },
        new("margin", "Margin", "0.00", "Smallest margin of a track that is taken.", c => Margins[c.Cut]),
        Share("validationPurity", "Validation purity", "Purity on the validation frames.", c => c.Validation.Purity.Value),
        Share("purity", "Purity", "Purity on the test frames with the cut.", c => c.Points[c.Cut].Purity),
        Share("efficiency", "Efficiency", "Efficiency on the test frames with the cut.", c => c.Points[c.Cut].Efficiency),
        Share("efficiencyPossible", "Efficiency possible", "That of a perfect tracker without the cut.", c => c.Points[0].Possible),
        Share("purityUncut", "Purity uncut", "Purity of all tracks.", c => c.Points[0].Purity),
        Share("efficiencyUncut", "Efficiency uncut", "Efficiency with all tracks.", c => c.Points[0].Efficiency),
    ];

    /// <summary>The curve of a method, once for each aim.</summary>
    /// <param name="water">Thickness of water.</param>
    /// <param name="method">The method and its seeds.</param>
    /// <param name="validation">Frames to choose the cuts on.</param>
    /// <param name="test">Frames of the curve.</param>
    /// <param name="evaluation">Runs them.</param>
    public static IEnumerable<MarginCurve> Of(int water, MethodSeeds method, IReadOnlyList<CalorimeterFrame> validation,
        IReadOnlyList<CalorimeterFrame> test, CalorimeterEvaluation evaluation)
    {
        MarginPoint[] chosen = PointsOf(method.Models, validation, evaluation);
        MarginPoint[] points = PointsOf(method.Models, test, evaluation);
        int pure = Array.FindIndex(chosen, point => point.Purity.Value >= WantedPurity);
        pure = pure < 0 ? chosen.Length - 1 : pure;
        int efficient = Math.Max(0, Array.FindLastIndex(chosen, point => point.Efficiency.Value >= WantedEfficiency));
        return [new(water, method, points, MarginAim.Purity, pure, chosen[pure]),
            new(water, method, points, MarginAim.Efficiency, efficient, chosen[efficient])];
    }

    private static MarginPoint[] PointsOf(IReadOnlyList<CalorimeterModel> models, IReadOnlyList<CalorimeterFrame> frames,
        CalorimeterEvaluation evaluation)
    {
        (TrackScore[] Cuts, double Possible)[][] seeds = [.. models.Select(model => evaluation.Run(frames, (chain, frame) =>
        {
            IReadOnlyList<SegmentTrack> tracks = chain.Reconstruct(frame, model);
            double[] margins = chain.Assignment.Margins(chain.Graph, frame.Layer);
            double[] smallest = [.. tracks.Select(track => track.Hits.Skip(1).Min(hit => margins[hit]))];
            double share = model.Experiment.Tracks.Completeness;
            return (Margins.Select(margin => TrackScore.Of(frame, [.. tracks.Where((_, t) => smallest[t] >= margin)], share)).ToArray(),
                TrackScore.Of(frame, chain.Perfect(frame, model), share).Efficiency);
        }))];
        return [.. Enumerable.Range(0, Margins.Count).Select(cut => new MarginPoint(
            Mean(seeds, result => result.Cuts[cut].Candidates == 0 ? 1 : result.Cuts[cut].Purity),
            Mean(seeds, result => result.Cuts[cut].Efficiency),
            seeds.Average(seed => seed.Average(result => result.Possible))))];
    }

    // The error is that of frames, which all seeds share, and of seeds.
    private static Metric Mean((TrackScore[] Cuts, double Possible)[][] seeds, Func<(TrackScore[] Cuts, double Possible), double> value)
    {
        double[] ofSeeds = [.. seeds.Select(seed => seed.Average(value))];
        double[] ofFrames = [.. Enumerable.Range(0, seeds[0].Length).Select(frame => seeds.Average(seed => value(seed[frame])))];
        double mean = ofSeeds.Average();
        double Variance(double[] values) => values.Length < 2 ? 0
            : values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1.0) / values.Length;
        return new(mean, Math.Sqrt(Variance(ofSeeds) + Variance(ofFrames)));
    }

    private static MetricColumn<MarginCurve> Share(string name, string header, string meaning, Func<MarginCurve, Metric> value) =>
        new(name, header, "0.0", meaning, value) { Unit = "%", Scale = 100, IsShare = true, Width = 14 };
}

/// <summary>Purity and efficiency of the tracks that a cut keeps, and the efficiency of a perfect tracker.</summary>
internal readonly record struct MarginPoint(Metric Purity, Metric Efficiency, double Possible);

/// <summary>What a cut on the margin is chosen for.</summary>
internal enum MarginAim
{
    /// <summary>Enough purity, at the highest efficiency.</summary>
    Purity,

    /// <summary>Enough efficiency, at the highest purity.</summary>
    Efficiency,
}
