using System.ComponentModel.DataAnnotations;

namespace Sagitta.Tracking.Muon;

/// <summary>Everything that a muon run depends on; one YAML file.</summary>
internal sealed record MuonExperiment
{
    /// <summary>Name of a shipped detector or path of a detector file.</summary>
    public string Detector { get; init; } = "toy16-measured";

    /// <summary>Seed of first weights, data and their order.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Simulated events.</summary>
    public MuonDataOptions Data { get; init; } = new();

    /// <summary>Which hits are joined.</summary>
    public HitGraphOptions Graph { get; init; } = new();

    /// <summary>The network.</summary>
    public HitScorerOptions Network { get; init; } = new() { Symmetric = true };

    /// <summary>Whether the centroid weighs strips by charge; the same for all methods.</summary>
    public bool ChargeWeighted { get; init; } = true;

    /// <summary>Soft clustering.</summary>
    public ClusterOptions Clustering { get; init; } = new();

    /// <summary>The measurement stage between clustering and fit.</summary>
    public MeasurementOptions Measurement { get; init; } = new() { Enabled = true };

    /// <summary>The track fit, the same for all methods.</summary>
    public TrackFitOptions Fit { get; init; } = new();

    /// <summary>The classical method.</summary>
    public ClassicalOptions Classical { get; init; } = new();

    /// <summary>Scale of the robust function of the residual, in limits.</summary>
    [Range(1e-6, 1e6)]
    public double RobustScale { get; init; } = 3;

    /// <summary>The loss.</summary>
    public MuonLossOptions Loss { get; init; } = new();

    /// <summary>The training.</summary>
    public MuonTrainingOptions Training { get; init; } = new();

    /// <summary>What a comparison of methods has to answer, fixed before it runs; everything else that it finds is told without a
    /// verdict. None: all claims that it knows are judged one by one.</summary>
    public IReadOnlyList<PrimaryClaimOptions> Claims { get; init; } = [];

    /// <summary>The part that reconstruction needs.</summary>
    internal MuonReconstructionOptions Reconstruction => new()
    {
        Graph = Graph,
        Network = Network,
        ChargeWeighted = ChargeWeighted,
        Clustering = Clustering,
        Measurement = Measurement,
        Fit = Fit,
        Classical = Classical,
    };

    /// <summary>
    /// Reads the configuration that a run or a model keeps. It holds every option of its time, and what made a model is not always the
    /// default of an option that came later.
    /// </summary>
    /// <param name="yaml">The text.</param>
    /// <param name="name">What to call it in messages.</param>
    public static MuonExperiment Stored(string yaml, string name)
    {
        (string Field, string Setting)[] later =
            [("taperedChunks:", "training.taperedChunks=false"), ("symmetric:", "network.symmetric=false"),
                ("measurement:", "measurement.enabled=false")];
        return ConfigurationFile.Parse<MuonExperiment>(yaml, name,
            later.Where(option => !yaml.Contains(option.Field, StringComparison.Ordinal)).Select(option => option.Setting));
    }

    /// <summary>The same with another reconstruction.</summary>
    internal MuonExperiment With(MuonReconstructionOptions options) => this with
    {
        Graph = options.Graph,
        Network = options.Network,
        ChargeWeighted = options.ChargeWeighted,
        Clustering = options.Clustering,
        Measurement = options.Measurement,
        Fit = options.Fit,
        Classical = options.Classical,
    };
}

/// <summary>Which simulated events a muon experiment draws. Training, validation and test events have disjoint seeds.</summary>
internal sealed record MuonDataOptions
{
    /// <summary>Events to train on.</summary>
    [Range(1, 100_000_000)]
    public int Training { get; init; } = 20_000;

    /// <summary>Transverse momenta of the training muons: a mixture. Validation and test muons are flat in 5 to 100 GeV whatever it
    /// is.</summary>
    [MinLength(1)]
    public IReadOnlyList<MomentumComponent> TrainingMomentum { get; init; } = [new()];

    /// <summary>Events to choose readings and check progress on.</summary>
    [Range(1, 100_000_000)]
    public int Validation { get; init; } = 4_000;

    /// <summary>Events of the simulated test sample.</summary>
    [Range(1, 100_000_000)]
    public int Test { get; init; } = 10_000;

    /// <summary>Events in which muons found are counted, block by block; at a flux that is not here they are counted in the test samples
    /// alone.</summary>
    public IReadOnlyList<MuonFluxEvents> Efficiency { get; init; } = [];

    /// <summary>Events without a muon at each test flux, in which accepted tracks are counted; 0 counts none.</summary>
    [Range(0, 100_000_000)]
    public int WithoutMuon { get; init; } = 2_000;

    /// <summary>Muons at each test flux from 3 to 100 GeV, flat in the logarithm, of which trigger curves and a falling spectrum are made;
    /// 0 makes none.</summary>
    [Range(0, 100_000_000)]
    public int Spectrum { get; init; } = 4_000;

    /// <summary>Fluxes of the training events in kHz/cm2, each for an equal share: a single one, or a stated mixture.</summary>
    [MinLength(1)]
    [Range(0, 1e4)]
    public IReadOnlyList<double> TrainingBackgrounds { get; init; } = [5];

    /// <summary>Flux of validation events, kHz/cm2.</summary>
    [Range(0, 1e4)]
    public double ValidationBackground { get; init; } = 5;

    /// <summary>Fluxes of the test samples, kHz/cm2.</summary>
    [MinLength(1)]
    [Range(0, 1e4)]
    public IReadOnlyList<double> TestBackgrounds { get; init; } = [5];
}

/// <summary>A claim of a comparison that is fixed before it runs: end-to-end is better than local.</summary>
internal sealed record PrimaryClaimOptions
{
    /// <summary>In what.</summary>
    public required PrimaryQuantity Quantity { get; init; }

    /// <summary>On hits of "simulation" or "geant4"; muons among fakes are simulated.</summary>
    public string Source { get; init; } = "geant4";

    /// <summary>At which flux, kHz/cm2.</summary>
    [Range(0, 1e4)]
    public double Background { get; init; } = 5;
}

/// <summary>What a primary claim compares.</summary>
internal enum PrimaryQuantity
{
    /// <summary>Core width of r / limit: less is better.</summary>
    CoreWidth,

    /// <summary>Average precision of the hits.</summary>
    AveragePrecision,

    /// <summary>Share of muons kept where a track is accepted in a fixed share of events without a muon.</summary>
    EfficiencyAtFixedFakes,
}

/// <summary>In how many events muons are counted at one flux.</summary>
internal sealed record MuonFluxEvents
{
    /// <summary>Background flux, kHz/cm2.</summary>
    [Range(0, 1e4)]
    public double Background { get; init; } = 5;

    /// <summary>Simulated events.</summary>
    [Range(0, 100_000_000)]
    public int Events { get; init; }

    /// <summary>Times that each Geant4 muon of a test sample is digitised anew, in other background; 0 counts these in the test sample
    /// alone.</summary>
    [Range(0, 10_000)]
    public int Overlays { get; init; }
}

/// <summary>How a muon network is trained.</summary>
internal sealed record MuonTrainingOptions
{
    /// <summary>Passes over the training events.</summary>
    [Range(1, 100_000)]
    public int Epochs { get; init; } = 8;

    /// <summary>Events of one optimiser step.</summary>
    [Range(1, 1_000_000)]
    public int BatchSize { get; init; } = 64;

    /// <summary>Events whose forward and backward pass one thread runs at a time; part of the result (summation order), unlike the thread
    /// count.</summary>
    [Range(1, 10_000)]
    public int ChunkSize { get; init; } = 4;

    /// <summary>
    /// Whether the last events of a batch fall into ever shorter chunks, so that threads end together; part of the result, as
    /// <see cref="ChunkSize"/> is. On unless a configuration says otherwise; models trained before there was a choice had it off.
    /// </summary>
    public bool TaperedChunks { get; init; } = true;

    /// <summary>Highest learning rate of Adam.</summary>
    [Range(1e-12, 10)]
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Fraction of all steps over which the learning rate rises; it then falls along a cosine.</summary>
    [Range(0.0, 1.0)]
    public double LearningRateWarmUp { get; init; } = 0.05;

    /// <summary>Largest norm of a step's gradient.</summary>
    [Range(1e-9, 1e9)]
    public double ClipNorm { get; init; } = 1;

    /// <summary>Decoupled weight decay of Adam.</summary>
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>"8 epochs of 20000 events".</summary>
    internal string Describe(int events) => string.Create(CultureInfo.InvariantCulture, $"{Epochs} epochs of {events} events");
}
