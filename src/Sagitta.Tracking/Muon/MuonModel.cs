namespace Sagitta.Tracking.Muon;

/// <summary>A trained network with the reading that was chosen for it on validation events.</summary>
/// <param name="Method">How it was trained.</param>
/// <param name="Experiment">The configuration that it was trained with; of a file without one, its reconstruction and defaults.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Reading">How its logits become weights.</param>
internal sealed record MuonModel(MuonMethod Method, MuonExperiment Experiment, ParameterVector<float> Parameters, MuonReading Reading)
{
    /// <summary>The reading that was chosen for a fit with removal of outliers; null in files that hold none.</summary>
    public MuonReading? OutlierReading { get; init; }

    /// <summary>The reading in use where outliers are removed.</summary>
    public MuonReading ReadingOfCleaned => OutlierReading ?? Reading;

    /// <summary>Where hits and chi-squares lay when it was trained; null in older files, of which nothing can be said.</summary>
    public InputRanges? Ranges { get; init; }

    /// <summary>What the fit's error of q/pT is multiplied by; 1 in files that say nothing of it.</summary>
    public double ErrorScale { get; init; } = 1;

    /// <summary>What it adds to the way from weights to tracks.</summary>
    public MeasurementModel Measurement => field is { } known && known.ErrorScale == ErrorScale
        ? known : field = new(field?.Stage ?? StageParameters(), ErrorScale);

    /// <summary>The model whose measurement stage serves the methods without a network beside these; null if none has one.</summary>
    public static MuonModel? WithStage(IEnumerable<MuonModel> models) => models.FirstOrDefault(m => m.Experiment.Measurement.Enabled);

    // In the precision of the fits. The network's are copied too, since all share a layout.
    private ParameterVector<double>? StageParameters()
    {
        if (!Experiment.Measurement.Enabled)
        {
            return null;
        }

        ParameterVector<double> stage = new(Parameters.Layout);
        stage.CopyFrom(Parameters);
        return stage;
    }

    /// <summary>The detector that it was trained for: of the model file, or the one that the configuration names.</summary>
    public Detector Detector { get => field ??= DetectorFile.Load(Experiment.Detector); init; }
}

/// <summary>All that turns hits into tracks besides network and detector.</summary>
internal sealed record MuonReconstructionOptions
{
    /// <summary>Which hits are joined.</summary>
    public HitGraphOptions Graph { get; init; } = new();

    /// <summary>The network.</summary>
    public HitScorerOptions Network { get; init; } = new();

    /// <summary>Whether the centroid weighs strips by charge.</summary>
    public bool ChargeWeighted { get; init; } = true;

    /// <summary>Soft clustering.</summary>
    public ClusterOptions Clustering { get; init; } = new();

    /// <summary>The measurement stage.</summary>
    public MeasurementOptions Measurement { get; init; } = new();

    /// <summary>The track fit.</summary>
    public TrackFitOptions Fit { get; init; } = new();

    /// <summary>The classical method, whose search for one track and removal of outliers networks use too.</summary>
    public ClassicalOptions Classical { get; init; } = new();

    /// <summary>The parameters of network and measurement stage.</summary>
    internal ParameterLayout Layout()
    {
        ParameterLayout layout = new HitScorer(Network).Layout;
        _ = Measurement.Enabled ? MeasurementStage.Register(Measurement, layout) : null;
        return layout;
    }
}
