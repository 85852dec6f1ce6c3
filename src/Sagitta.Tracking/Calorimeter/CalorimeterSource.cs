namespace Sagitta.Tracking.Calorimeter;

/// <summary>Events behind one thickness of water.</summary>
/// <param name="Water">Thickness, mm.</param>
/// <param name="Training">Events to train on.</param>
/// <param name="Validation">Frames to choose parameters on.</param>
/// <param name="Test">Events to test on.</param>
internal sealed record CalorimeterSource(int Water, CalorimeterEvents Training, IReadOnlyList<CalorimeterFrame> Validation,
    CalorimeterEvents Test)
{
    /// <summary>Reads all thicknesses of an experiment.</summary>
    public static IReadOnlyList<CalorimeterSource> ReadAll(CalorimeterExperiment experiment) => experiment.Data.Samples.Count > 0
        ? [.. experiment.Data.Samples.Select(sample => Read(experiment, sample.Water, part => Existing(sample.Of(part))))]
        : [.. experiment.Data.Waters.Select(water => Read(experiment, water, part => File(experiment.Data, water, part)))];

    /// <summary>The file of a part ("train", "validation", "test"): in the folder, or among the files that come with Sagitta.</summary>
    public static string File(CalorimeterDataOptions options, int water, string part) =>
        Existing(Path.Combine(options.Folder, $"water{water}_{part}_hits.csv.gz"));

    /// <summary>A file by its path, or among the files that come with Sagitta.</summary>
    public static string Existing(string name) => System.IO.File.Exists(name) ? name : ShippedFile.TryFind(name)
        ?? throw new BadInputException($"'{name}'", "there is no such file",
            "set data.folder to a folder with waterW_train_hits.csv.gz and so on, or data.samples to files with their thickness of water");

    private static CalorimeterSource Read(CalorimeterExperiment experiment, int water, Func<string, string> file)
    {
        CalorimeterDataOptions options = experiment.Data;
        CalorimeterEvents Events(string part) => HitPreparation.Events(CalorimeterDepositReader.Read(file(part)), options.Preparation);
        CalorimeterDeposits training = CalorimeterDepositReader.Read(file("train"));
        if (options.SimulatedProtons > 0)
        {
            ProtonPlan plan = new(CalorimeterGeometry.Load(experiment.Detector).Calorimeter, water);
            training = training.Followed(CalorimeterSimulation.Generate(plan, options.SimulationSeed, 0, options.SimulatedProtons));
        }

        return new(water, HitPreparation.Events(training, options.Preparation),
            Events("validation").Frames(options.ValidationProtons, options.ValidationFrames), Events("test"));
    }
}
