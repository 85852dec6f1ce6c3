namespace Sagitta.Tracking.Calorimeter;

/// <summary>Which events a calorimeter experiment trains and tests on.</summary>
internal sealed record CalorimeterDataOptions
{
    /// <summary>Folder with waterW_train_hits.csv.gz, waterW_validation_hits.csv.gz and waterW_test_hits.csv.gz for each thickness W; the
    /// shipped slice by default.</summary>
    public string Folder { get; init; } = "data/geant4-dtc";

    /// <summary>Protons of the own simulation that are added to the training events of each thickness.</summary>
    public int SimulatedProtons { get; init; }

    /// <summary>Seed of these.</summary>
    public ulong SimulationSeed { get; init; } = 1;

    /// <summary>Thicknesses of water in mm; training mixes them.</summary>
    public IReadOnlyList<int> Waters { get; init; } = [100, 150, 200];

    /// <summary>Protons of a test frame.</summary>
    public IReadOnlyList<int> TestProtons { get; init; } = [50, 100, 150];

    /// <summary>Protons of a validation frame.</summary>
    public int ValidationProtons { get; init; } = 100;

    /// <summary>Most frames of each thickness that validation looks at.</summary>
    public int ValidationFrames { get; init; } = 6;

    /// <summary>Most frames of each test sample.</summary>
    public int TestFrames { get; init; } = 1000;

    /// <summary>How rows become hits.</summary>
    public HitPreparationOptions Preparation { get; init; } = new();
}
