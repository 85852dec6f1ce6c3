namespace Sagitta.Experiments.Landscapes;

/// <summary>
/// How much of each analysis is done. The defaults are those of "sagitta landscape" and take some forty minutes on two idle cores for five
/// seeds of every method of both systems; <see cref="Quick"/> and <see cref="Full"/> are its other forms, and --set overrides any field.
/// </summary>
internal sealed record LandscapeOptions : ICheckedOptions
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

    /// <inheritdoc />
    public IEnumerable<OptionProblem> Check()
    {
        if (Slices.Grid < 3)
        {
            yield return new(nameof(Slices), "a grid needs 3 or more points a side", "give slices.grid from 3");
        }

        if (Curvature.Eigenpairs < 2)
        {
            yield return new(nameof(Curvature), "slices need the two leading eigenvectors", "give curvature.eigenpairs from 2");
        }

        if (Connectivity.Points < 2)
        {
            yield return new(nameof(Connectivity), "a path needs its two ends", "give connectivity.points from 2");
        }

        if (Similarity.BatchRows < 4)
        {
            yield return new(nameof(Similarity), "the unbiased estimator needs 4 or more rows", "give similarity.batchRows from 4");
        }
    }
}
