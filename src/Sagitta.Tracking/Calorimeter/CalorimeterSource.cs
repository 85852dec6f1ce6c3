namespace Sagitta.Tracking.Calorimeter;

/// <summary>Events behind one thickness of water.</summary>
/// <param name="Water">Thickness, mm.</param>
/// <param name="Training">Events to train on.</param>
/// <param name="Validation">Frames to choose parameters on.</param>
/// <param name="Test">Events to test on.</param>
internal sealed record CalorimeterSource(int Water, CalorimeterEvents Training, IReadOnlyList<CalorimeterFrame> Validation,
    CalorimeterEvents Test)
{
    private static readonly Lazy<double[]> _layerDepths = new(
        () => ResidualRange.LayerDepths.Of(TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped)));

    /// <summary>Depths of the shipped calorimeter's layers, mm of water.</summary>
    internal static double[] LayerDepths => _layerDepths.Value;

    /// <summary>Reads all thicknesses of an experiment.</summary>
    public static IReadOnlyList<CalorimeterSource> ReadAll(CalorimeterDataOptions options) =>
        [.. options.Waters.Select(water => Read(options, water))];

    /// <summary>The file of a part ("train", "validation", "test"): in the folder, or among the files that come with Sagitta.</summary>
    public static string File(CalorimeterDataOptions options, int water, string part)
    {
        string name = Path.Combine(options.Folder, $"water{water}_{part}_hits.csv.gz");
        return System.IO.File.Exists(name) ? name : ShippedFile.TryFind(name)
            ?? throw new BadInputException($"'{name}'", "there is no such file",
                "set data.folder to a folder with waterW_train_hits.csv.gz and so on");
    }

    /// <summary>Frames of consecutive events, at most so many.</summary>
    public static IReadOnlyList<CalorimeterFrame> Frames(CalorimeterEvents events, int protons, int most) =>
        [.. Enumerable.Range(0, Math.Min(most, events.Count / protons))
            .Select(f => events.Overlay([.. Enumerable.Range(f * protons, protons)]))];

    private static CalorimeterSource Read(CalorimeterDataOptions options, int water)
    {
        CalorimeterDeposits Deposits(string part) => CalorimeterDepositReader.Read(File(options, water, part));
        CalorimeterEvents Events(string part) => HitPreparation.Events(Deposits(part), options.Preparation);
        CalorimeterDeposits training = Deposits("train");
        if (options.SimulatedProtons > 0)
        {
            ProtonPlan plan = new(TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped), water);
            training = training.Followed(CalorimeterSimulation.Generate(plan, options.SimulationSeed, 0, options.SimulatedProtons));
        }

        return new(water, HitPreparation.Events(training, options.Preparation),
            Frames(Events("validation"), options.ValidationProtons, options.ValidationFrames), Events("test"));
    }
}
