namespace Sagitta.Experiments.Calorimeter;

/// <summary>How right the residual ranges, energies and water-equivalent path lengths of accepted tracks are: against the range and the
/// energy that the track's proton entered the first layer with, and against the water before it.</summary>
/// <param name="Water">Thickness of water, mm; 0 where it is not known, and path lengths have no truth.</param>
/// <param name="Label">Who found the tracks.</param>
/// <param name="Seeds">Numbers of trainings whose tracks are taken together.</param>
/// <param name="Protons">The tracks.</param>
internal sealed record RangeQuality(int Water, string Label, int Seeds, IReadOnlyList<MeasuredProton> Protons)
{
    /// <summary>The columns of their table. Widths are half the range of the central 68 %, pulls the same of differences over their
    /// errors.</summary>
    public static IReadOnlyList<MetricColumn<RangeQuality>> Columns { get; } =
    [
        new("water", "Water", "0", "Thickness of water before the calorimeter.", q => q.Water) { Unit = "mm" },
        new("label", "Tracks", "", "Who found the tracks.", q => q.Label) { Short = "tracks", Width = -16 },
        new("count", "Count", "0", "Accepted tracks that begin with a beam particle's hit, of all seeds together.", q => q.Protons.Count),
        .. Quantity("range", "Range", "mm", p => p.Range),
        .. Quantity("energy", "Energy", "MeV", p => p.Energy),
        .. Quantity("wepl", "WEPL", "mm", p => p.PathLength),
    ];

    /// <summary>Width of the path lengths, mm, with its statistical error.</summary>
    public Metric PathLengthWidth => WidthOf(p => p.PathLength);

    /// <summary>Measures the tracks of one method.</summary>
    /// <param name="water">Thickness of water, mm.</param>
    /// <param name="label">Name of the method.</param>
    /// <param name="models">Its seeds.</param>
    /// <param name="find">Finds the tracks of a frame, all with their smallest margin.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="truth">Of each event what its proton entered the first layer with.</param>
    /// <param name="evaluation">Runs the frames.</param>
    public static RangeQuality Of(int water, string label, IReadOnlyList<CalorimeterModel> models,
        Func<CalorimeterChain, CalorimeterFrame, CalorimeterModel, IReadOnlyList<SegmentTrack>> find,
            IReadOnlyList<CalorimeterFrame> frames,
        IReadOnlyDictionary<long, ProtonTruth> truth, CalorimeterEvaluation evaluation) => new(water, label, models.Count,
        [.. models.SelectMany(model =>
        {
            TrackingCalorimeter calorimeter = model.Geometry.Calorimeter;
            WaterEquivalent equivalent = new(calorimeter, calorimeter.Beam.Energy);
            double besides = WaterEquivalent.BesidesObject(calorimeter, water);
            ProtonSelection selection = new();
            return evaluation.Run(frames, (chain, frame) =>
            {
                IReadOnlyList<SegmentTrack> tracks = find(chain, frame, model);
                RangeEstimate[] ranges = chain.Fit(tracks);
                List<MeasuredProton> measured = [];
                for (int t = 0; t < tracks.Count; t++)
                {
                    int[] hits = tracks[t].Hits;
                    if (selection.Takes(frame, hits, ranges[t], model.Geometry.Depths) && frame.TruthPrimary[hits[0]]
                        && truth.TryGetValue(frame.TruthEvent[hits[0]], out ProtonTruth proton))
                    {
                        (double range, double error) = (ranges[t].Range, ranges[t].Error);
                        measured.Add(new(
                            new(range - proton.Range, WaterEquivalent.RangeError(range, error)),
                            new(equivalent.Energy(range) - proton.Energy, equivalent.EnergyError(range, error)),
                            new(water > 0 ? equivalent.PathLength(range) - besides - water : double.NaN,
                                equivalent.PathLengthError(error))));
                    }
                }

                return measured;
            }).SelectMany(measured => measured);
        })]);

    private static IEnumerable<MetricColumn<RangeQuality>> Quantity(
        string name, string header, string unit, Func<MeasuredProton, Deviation> value)
    {
        yield return new(name + "Bias", header + " bias", "+0.00;-0.00;0.00", $"Median of measured minus true {header}.",
            q => RobustMean.Median(q.Ordered(p => value(p).Difference)))
        { Unit = unit };
        yield return new(name + "Width", header + " width", "0.00", "Half the range of the central 68 % of these differences.",
            q => q.WidthOf(value))
        { Unit = unit, Width = 14 };
        yield return new(name + "Pull", header + " pull", "0.00", "The same of the differences over their errors.",
            q => RobustMean.Width(q.Ordered(p => value(p).Difference / value(p).Error)));
    }

    // The error of this width of a Gaussian is 0.96 of it over the root of the number; seeds share their protons.
    private Metric WidthOf(Func<MeasuredProton, Deviation> value)
    {
        double width = RobustMean.Width(Ordered(p => value(p).Difference));
        return new(width, 0.96 * width / Math.Sqrt((double)Protons.Count / Math.Max(1, Seeds)));
    }

    private double[] Ordered(Func<MeasuredProton, double> value) => [.. Protons.Select(value).Where(double.IsFinite).Order()];
}

/// <summary>Measured minus true range (mm of water), energy (MeV) and path length (mm of water) of one proton.</summary>
internal readonly record struct MeasuredProton(Deviation Range, Deviation Energy, Deviation PathLength);

/// <summary>A measured value minus the true one, and the error that the measurement states.</summary>
internal readonly record struct Deviation(double Difference, double Error);
