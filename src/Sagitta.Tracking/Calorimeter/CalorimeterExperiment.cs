using System.ComponentModel.DataAnnotations;

namespace Sagitta.Tracking.Calorimeter;

/// <summary>A calorimeter experiment, as its YAML file describes it.</summary>
internal sealed record CalorimeterExperiment : ICheckedOptions
{
    /// <summary>First seed; the others follow.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Number of seeds.</summary>
    [Range(1, 1000)]
    public int Seeds { get; init; } = 5;

    /// <summary>Name of a shipped calorimeter or path of a calorimeter file.</summary>
    public string Detector { get; init; } = TrackingCalorimeterFile.Shipped;

    /// <summary>Events.</summary>
    public CalorimeterDataOptions Data { get; init; } = new();

    /// <summary>Which pairs of hits become segments.</summary>
    public GateOptions Gates { get; init; } = new();

    /// <summary>Which chains become tracks.</summary>
    public TrackOptions Tracks { get; init; } = new();

    /// <summary>Whether each model is also tested with a price for unassigned hits (<see cref="TrackOptions.UnassignedPrice"/>), the one
    /// with the highest product of purity and efficiency on validation frames.</summary>
    public bool TunePrice { get; init; }

    /// <summary>The network.</summary>
    public SegmentNetworkOptions Network { get; init; } = new();

    /// <summary>Training.</summary>
    public CalorimeterTrainingOptions Training { get; init; } = new();

    /// <summary>Methods to train and compare.</summary>
    [MinLength(1)]
    public IReadOnlyList<CalorimeterMethodOptions> Methods { get; init; } =
    [
        new(),
        new() { Name = CalorimeterMethodKind.PredictAndTrack, Lambda = 25 },
        new() { Name = CalorimeterMethodKind.PredictAndTrack, Lambda = 50 },
        new() { Name = CalorimeterMethodKind.PredictAndTrack, Lambda = 75 },
    ];

    public IEnumerable<OptionProblem> Check()
    {
        foreach (CalorimeterMethodOptions method in Methods)
        {
            if (method.Name == CalorimeterMethodKind.PredictAndTrack && !(method.Lambda > 0 || method.LargestChange > 0))
            {
                yield return new(nameof(Methods), "predict-and-track needs a lambda", "give lambda or largestChange above 0");
            }
        }

        if (Training.FramesPerStep % Training.FramesPerNormalisation != 0)
        {
            yield return new(nameof(Training), "framesPerNormalisation does not divide framesPerStep",
                "give 1, framesPerStep or a number between that divides it");
        }
    }
}

/// <summary>Which events a calorimeter experiment trains and tests on.</summary>
internal sealed record CalorimeterDataOptions
{
    /// <summary>Folder with waterW_train_hits.csv.gz, waterW_validation_hits.csv.gz and waterW_test_hits.csv.gz for each thickness W; the
    /// shipped slice by default.</summary>
    public string Folder { get; init; } = "data/geant4-dtc";

    /// <summary>Events of each thickness of water, named file by file; when there are any, <see cref="Folder"/> and
    /// <see cref="Waters"/> are not looked at.</summary>
    public IReadOnlyList<CalorimeterSampleFiles> Samples { get; init; } = [];

    /// <summary>Protons of the own simulation that are added to the training events of each thickness.</summary>
    [Range(0, 10_000_000)]
    public int SimulatedProtons { get; init; }

    /// <summary>Seed of these.</summary>
    public ulong SimulationSeed { get; init; } = 1;

    /// <summary>Thicknesses of water in mm; training mixes them.</summary>
    [MinLength(1)]
    [Range(0, 1000)]
    public IReadOnlyList<int> Waters { get; init; } = [100, 150, 200];

    /// <summary>Protons of a test frame.</summary>
    [MinLength(1)]
    [Range(1, 10_000)]
    public IReadOnlyList<int> TestProtons { get; init; } = [50, 100, 150];

    /// <summary>Protons of a validation frame.</summary>
    [Range(1, 10_000)]
    public int ValidationProtons { get; init; } = 100;

    /// <summary>Most frames of each thickness that validation looks at.</summary>
    [Range(1, 1_000_000)]
    public int ValidationFrames { get; init; } = 6;

    /// <summary>Most frames of each test sample.</summary>
    [Range(1, 1_000_000)]
    public int TestFrames { get; init; } = 1000;

    /// <summary>Hits of a radiograph that images are made of, with their truth; empty for no images.</summary>
    public string Radiograph { get; init; } = "data/geant4-radiograph/aluminium_hits.csv.gz";

    /// <summary>The phantom of the radiograph.</summary>
    public string Phantom { get; init; } = "data/geant4-radiograph/phantom.yaml";

    /// <summary>How rows become hits.</summary>
    public HitPreparationOptions Preparation { get; init; } = new();
}

/// <summary>How a segment network is trained.</summary>
internal sealed record CalorimeterTrainingOptions
{
    /// <summary>Optimiser steps.</summary>
    [Range(1, 100_000_000)]
    public int Steps { get; init; } = 250;

    /// <summary>Frames of one step.</summary>
    [Range(1, 100_000)]
    public int FramesPerStep { get; init; } = 32;

    /// <summary>Protons of a training frame, drawn anew for each frame; see <see cref="MixOccupancy"/>.</summary>
    [Range(1, 10_000)]
    public int Protons { get; init; } = 100;

    /// <summary>Whether frames vary in occupancy: a quarter, a half, three quarters or all of <see cref="Protons"/>.</summary>
    public bool MixOccupancy { get; init; }

    /// <summary>Frames that are normalised together in training, a divisor of <see cref="FramesPerStep"/>: 1 as published, all of a step
    /// for normalisation per batch.</summary>
    [Range(1, 100_000)]
    public int FramesPerNormalisation { get; init; } = 1;

    /// <summary>Highest learning rate of RMSprop.</summary>
    [Range(1e-12, 10)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Whether the rate falls along a cosine to a hundredth; the published code keeps it constant.</summary>
    public bool Decay { get; init; } = true;

    /// <summary>Steps between two looks at the validation frames; the parameters with the best purity there are kept.</summary>
    [Range(1, 100_000_000)]
    public int ValidateEvery { get; init; } = 25;

    /// <summary>Whether validation frames are normalised by their own moments and then move the running averages, as the published code's
    /// are: it chooses by a purity that the tested network, with running averages, does not have. For comparison.</summary>
    public bool ValidateWithBatchStatistics { get; init; }
}

/// <summary>The files of one thickness of water.</summary>
internal sealed record CalorimeterSampleFiles
{
    /// <summary>Thickness of water, mm.</summary>
    [Range(0, 1000)]
    public int Water { get; init; }

    /// <summary>Passages to train on.</summary>
    public string Train { get; init; } = "";

    /// <summary>Passages to choose parameters on.</summary>
    public string Validation { get; init; } = "";

    /// <summary>Passages to test on.</summary>
    public string Test { get; init; } = "";

    /// <summary>The file of a part: "train", "validation" or "test".</summary>
    public string Of(string part) => part switch { "train" => Train, "validation" => Validation, _ => Test };
}
