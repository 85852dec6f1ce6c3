using System.ComponentModel.DataAnnotations;

namespace Sagitta.Experiments.Landscapes;

/// <summary>How much of each analysis is done. The defaults are those of "sagitta landscape" and take some forty minutes on two idle cores
/// for five seeds of every method of both systems; <see cref="Quick"/> and <see cref="Full"/> are its other forms, and --set overrides any
/// field.</summary>
internal sealed record LandscapeOptions
{
    /// <summary>Frames and events.</summary>
    public LandscapeDataOptions Data { get; init; } = new();
    /// <summary>The Hessian.</summary>
    public CurvatureOptions Curvature { get; init; } = new();
    /// <summary>Grids of losses.</summary>
    public SliceOptions Slices { get; init; } = new();
    /// <summary>Paths between models.</summary>
    public ConnectivityOptions Connectivity { get; init; } = new();
    /// <summary>Comparison of what models compute.</summary>
    public SimilarityOptions Similarity { get; init; } = new();
    /// <summary>Runs of each method whose Hessian and slices are drawn, by rising seed (published: 4).</summary>
    [Range(1, 1000)]
    public int ModelsPerMethod { get; init; } = 4;

    /// <summary>The form that takes under a minute: one model of each method, a handful of small frames. Its numbers show that all works,
    /// nothing more.</summary>
    public static LandscapeOptions Quick { get; } = new()
    {
        Data = new() { Protons = 20, MuonEvents = 24, TestProtons = [20], TestFrames = 1, MuonTestEvents = 96 },
        Curvature = new()
        {
            Frames = 2,
            Events = 8,
            MostSteps = 16,
            Probes = 2,
            DensityProbes = 1,
            DensitySteps = 8,
            Tolerance = 0.02,
            PowerTolerance = 1e-3,
            PowerIterations = 12
        },
        Slices = new() { Grid = 5, Frames = 1, Events = 8 },
        Connectivity = new() { Pairs = 1, Steps = 4, Points = 5, Frames = 2, Events = 24 },
        Similarity = new() { BatchRows = 64, Batches = 2, Permutations = 100 },
        ModelsPerMethod = 1,
    };

    /// <summary>The long form: the published grid, all pairs of models, 1,000 steps for each curve.</summary>
    public static LandscapeOptions Full { get; } = new()
    {
        Data = new() { Protons = 100, MuonEvents = 512 },
        Curvature = new() { Events = 512, MostSteps = 80, Probes = 50, DensityProbes = 10, DensitySteps = 60, PowerIterations = 200 },
        Slices = new() { Grid = 50, Frames = 10, Events = 256 },
        Connectivity = new() { Pairs = int.MaxValue, Steps = 1000, Frames = 30, Events = 512 },
        Similarity = new() { Batches = 80, Permutations = 1000 },
    };
}

/// <summary>The frames and events that losses are evaluated on. Analyses of losses use training data, comparisons of predictions use test
/// data.</summary>
internal sealed record LandscapeDataOptions
{
    /// <summary>Folder with waterW_train_hits.csv.gz and waterW_test_hits.csv.gz; the shipped slice by default.</summary>
    public string Folder { get; init; } = "data/geant4-dtc";
    /// <summary>Thicknesses of water in mm; frames take them in turn.</summary>
    [MinLength(1)]
    [Range(0, 1000)]
    public IReadOnlyList<int> Waters { get; init; } = [100, 150, 200];
    /// <summary>Protons of a frame; 0 takes the number that the models were trained on.</summary>
    [Range(0, 10_000)]
    public int Protons { get; init; }
    /// <summary>Protons of the frames of the tables.</summary>
    [MinLength(1)]
    [Range(1, 10_000)]
    public IReadOnlyList<int> TestProtons { get; init; } = [50, 100, 150];
    /// <summary>Most frames of each test sample.</summary>
    [Range(1, 1_000_000)]
    public int TestFrames { get; init; } = 30;
    /// <summary>Simulated muon events at hand for losses; analyses take the first ones.</summary>
    [Range(1, 100_000_000)]
    public int MuonEvents { get; init; } = 256;
    /// <summary>Simulated muon events for comparisons of predictions.</summary>
    [Range(1, 100_000_000)]
    public int MuonTestEvents { get; init; } = 4000;
    /// <summary>Background of both, kHz/cm2.</summary>
    [Range(0, 1e4)]
    public double MuonBackground { get; init; } = 5;
}

/// <summary>Analysis of the Hessian.</summary>
internal sealed record CurvatureOptions
{
    /// <summary>Calorimeter frames (published: 10).</summary>
    [Range(1, 100_000)]
    public int Frames { get; init; } = 10;
    /// <summary>Muon events. Kinks lie closer together the more there are: with twice as many, products of single models are no longer
    /// safely exact to 1e-5.</summary>
    [Range(1, 1_000_000)]
    public int Events { get; init; } = 48;
    /// <summary>Leading eigenpairs (published: 2); slices lie along two of them.</summary>
    [Range(2, 1000)]
    public int Eigenpairs { get; init; } = 2;
    /// <summary>Largest residual of an eigenpair relative to its eigenvalue. An eigenvalue is off by about the square of this.</summary>
    [Range(1e-12, 1)]
    public double Tolerance { get; init; } = 1e-3;
    /// <summary>Most Lanczos steps.</summary>
    [Range(2, 100_000)]
    public int MostSteps { get; init; } = 60;
    /// <summary>Probes of the trace; the first model of each method only, as for the density and power iteration.</summary>
    [Range(1, 100_000)]
    public int Probes { get; init; } = 20;
    /// <summary>Starts of the spectral density.</summary>
    [Range(1, 100_000)]
    public int DensityProbes { get; init; } = 2;
    /// <summary>Lanczos steps from each start.</summary>
    [Range(1, 100_000)]
    public int DensitySteps { get; init; } = 40;
    /// <summary>Largest relative change at which power iteration ends.</summary>
    [Range(1e-12, 1)]
    public double PowerTolerance { get; init; } = 1e-5;
    /// <summary>Most power iterations for each eigenpair.</summary>
    [Range(1, 1_000_000)]
    public int PowerIterations { get; init; } = 100;
}

/// <summary>Losses on a plane through a model.</summary>
internal sealed record SliceOptions
{
    /// <summary>Points a side (published: 50); an odd number puts one at the model itself.</summary>
    [Range(3, 10_000)]
    public int Grid { get; init; } = 21;
    /// <summary>Half of the plane's side, in units of the normalised directions (published: 0.5).</summary>
    [Range(1e-9, 1e6)]
    public double Reach { get; init; } = 0.5;
    /// <summary>Calorimeter frames.</summary>
    [Range(1, 100_000)]
    public int Frames { get; init; } = 3;
    /// <summary>Muon events.</summary>
    [Range(1, 1_000_000)]
    public int Events { get; init; } = 64;
}

/// <summary>Paths between models.</summary>
internal sealed record ConnectivityOptions
{
    /// <summary>Pairs within methods, and as many between methods; all with --full.</summary>
    [Range(0, int.MaxValue)]
    public int Pairs { get; init; } = 10;
    /// <summary>RMSprop steps of a Bezier curve (published: 1,000).</summary>
    [Range(1, 100_000_000)]
    public int Steps { get; init; } = 200;
    /// <summary>Frames, or small groups of muon events, of a step; each draws its own point of the curve (published: 8).</summary>
    [Range(1, 100_000)]
    public int Batch { get; init; } = 8;
    /// <summary>Learning rate (published: 1e-3).</summary>
    [Range(1e-12, 10)]
    public double LearningRate { get; init; } = 1e-3;
    /// <summary>Interpolation factor of the assignment in curves fitted to the Hamming loss (published: 10).</summary>
    [Range(1e-9, 1e9)]
    public double Lambda { get; init; } = 10;
    /// <summary>Points along a path (published: 51).</summary>
    [Range(2, 1_000_000)]
    public int Points { get; init; } = 51;
    /// <summary>Calorimeter frames that curves are fitted on; a third of them, at least one, are evaluated on along the path.</summary>
    [Range(1, 100_000)]
    public int Frames { get; init; } = 12;
    /// <summary>Muon events that curves are fitted on.</summary>
    [Range(1, 1_000_000)]
    public int Events { get; init; } = 256;
}

/// <summary>Comparison of what models compute.</summary>
internal sealed record SimilarityOptions
{
    /// <summary>Rows of a minibatch (published: 1,024); the unbiased estimator needs 4 or more.</summary>
    [Range(4, 1_000_000)]
    public int BatchRows { get; init; } = 1024;
    /// <summary>Minibatches, the same rows for all models.</summary>
    [Range(1, 1_000_000)]
    public int Batches { get; init; } = 12;
    /// <summary>Random regroupings of the significance test (published: 1,000).</summary>
    [Range(1, 10_000_000)]
    public int Permutations { get; init; } = 1000;
}
