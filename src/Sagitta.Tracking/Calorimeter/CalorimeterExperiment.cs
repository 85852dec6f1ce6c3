namespace Sagitta.Tracking.Calorimeter;

/// <summary>A calorimeter experiment, as its YAML file describes it.</summary>
internal sealed record CalorimeterExperiment : ICheckedOptions
{
    /// <summary>First seed; the others follow.</summary>
    public ulong Seed { get; init; }

    /// <summary>Number of seeds.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Events.</summary>
    public CalorimeterDataOptions Data { get; init; } = new();

    /// <summary>Which pairs of hits become segments.</summary>
    public GateOptions Gates { get; init; } = new();

    /// <summary>Which chains become tracks.</summary>
    public TrackOptions Tracks { get; init; } = new();

    /// <summary>
    /// Whether each model is also tested with a price for unassigned hits (<see cref="TrackOptions.UnassignedPrice"/>), the one with the
    /// highest product of purity and efficiency on validation frames.
    /// </summary>
    public bool TunePrice { get; init; }

    /// <summary>The network.</summary>
    public SegmentNetworkOptions Network { get; init; } = new();

    /// <summary>Training.</summary>
    public CalorimeterTrainingOptions Training { get; init; } = new();

    /// <summary>Methods to train and compare.</summary>
    public IReadOnlyList<CalorimeterMethodOptions> Methods { get; init; } =
    [
        new(),
        new() { Name = "predict-and-track", Lambda = 25 },
        new() { Name = "predict-and-track", Lambda = 50 },
        new() { Name = "predict-and-track", Lambda = 75 },
    ];

    /// <inheritdoc />
    public IEnumerable<OptionProblem> Check()
    {
        foreach (CalorimeterMethodOptions method in Methods)
        {
            if (method.Name is not ("predict-then-track" or "predict-and-track"))
            {
                yield return new(nameof(Methods), $"'{method.Name}' is no method", "give predict-then-track or predict-and-track");
            }
            else if (method.Name == "predict-and-track" && !(method.Lambda > 0 || method.LargestChange > 0))
            {
                yield return new(nameof(Methods), "predict-and-track needs a lambda", "give lambda or largestChange above 0");
            }
        }

        if (Training.Steps < 1 || Training.FramesPerStep < 1 || Training.ValidateEvery < 1)
        {
            yield return new(nameof(Training), "steps, framesPerStep and validateEvery must be at least 1", "give whole numbers from 1");
        }

        if (Training.FramesPerNormalisation < 1 || Training.FramesPerStep % Training.FramesPerNormalisation != 0)
        {
            yield return new(nameof(Training), "framesPerNormalisation does not divide framesPerStep",
                "give 1, framesPerStep or a number between that divides it");
        }
    }
}
