namespace Sagitta.Experiments.Calorimeter.Imaging;

/// <summary>The images of one method, a seed each.</summary>
/// <param name="Label">Name of the method; <see cref="Truth"/> for a perfect tracker.</param>
/// <param name="Images">Its images.</param>
internal sealed record ImageRow(string Label, IReadOnlyList<CalorimeterImage> Images)
{
    /// <summary>Name of the perfect tracker.</summary>
    public const string Truth = "perfect tracker";

    /// <summary>The columns of their table.</summary>
    public static IReadOnlyList<MetricColumn<ImageRow>> Columns { get; } =
    [
        new("label", "Tracks", "", "Who found the tracks.", r => r.Label) { Short = "tracks", Width = -16 },
        new("seeds", "Seeds", "0", "Trainings whose images are averaged.", r => r.Images.Count),
        new("accepted", "Protons", "0", "Accepted tracks.", r => r.Images.Average(i => i.Accepted)),
        new("purity", "Purity", "0.0", "Share of accepted tracks whose hits are of one primary.", r => r.Images.Average(i => i.Purity))
        { Unit = "%", Scale = 100 },
        new("efficiency", "Efficiency", "0.0", "Share of findable primaries with an accepted right track.",
            r => r.Images.Average(i => i.Efficiency)) { Unit = "%", Scale = 100 },
        new("weplWidth", "Width", "0.00", "Half the range of the central 68 % of path lengths about the means of their pixels.",
            r => r.Images.Average(i => i.Map.Width)) { Unit = "mm" },
        new("deviation", "Deviation", "0.000", "Mean absolute difference of path lengths to the phantom's at their place.",
            r => r.Images.Average(i => i.Deviations.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average())) { Unit = "mm" },
    ];

    /// <summary>Deviation of path lengths minus that of another method, paired by frame and seed.</summary>
    public PairedDifference DeviationTo(ImageRow other, RandomKey key) =>
        FramePairs.Difference([.. other.Images.Select(i => i.Deviations)], [.. Images.Select(i => i.Deviations)], key);

    /// <summary>The phantom's cylinders, averaged over seeds.</summary>
    public IReadOnlyList<InsertMeasurement> Inserts => [.. Enumerable.Range(0, Images[0].Inserts.Count)
        .Select(place => InsertMeasurement.Mean([.. Images.Select(image => image.Inserts[place])]))];
}
