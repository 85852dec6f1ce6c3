namespace Sagitta.Tracking.Muon;

/// <summary>The stages of the muon system for one detector and one configuration. Stateless: threads share it.</summary>
internal sealed class MuonChain
{
    /// <summary>Builds the stages.</summary>
    /// <param name="experiment">The configuration.</param>
    /// <param name="detector">The detector as reconstruction believes it to be.</param>
    /// <param name="limit">The limit to measure in; null for that of <paramref name="detector"/>.</param>
    public MuonChain(MuonExperiment experiment, Detector detector, ResolutionLimit? limit = null)
    {
        Detector = detector;
        Graphs = new(detector, experiment.Graph);
        Scorer = new(experiment.Network);
        Clusters = experiment.Clustering;
        Classical = experiment.Classical;
        Tracks = new(detector, experiment.Clustering, experiment.Fit, experiment.ChargeWeighted, experiment.Loss.DetachErrors);
        Robust = new RobustFunction.Cauchy(experiment.RobustScale);
        Limit = limit ?? new(detector, detector.NominalResolution);
    }

    /// <summary>The detector.</summary>
    public Detector Detector { get; }

    /// <summary>Hits to graph.</summary>
    public HitGraphBuilder Graphs { get; }

    /// <summary>Graph to logits.</summary>
    public HitScorer Scorer { get; }

    /// <summary>Settings of the soft clustering.</summary>
    public ClusterOptions Clusters { get; }

    /// <summary>Settings of the classical method.</summary>
    public ClassicalOptions Classical { get; }

    /// <summary>Weights to tracks.</summary>
    public WeightedTrackFit Tracks { get; }

    /// <summary>Loss of a residual in limits.</summary>
    public RobustFunction Robust { get; }

    /// <summary>The Cramer-Rao bound at <see cref="Detector.NominalResolution"/>.</summary>
    public ResolutionLimit Limit { get; }

    /// <summary>Planes and field.</summary>
    public CircleGeometry Geometry => Tracks.Geometry;

    /// <summary>One unit of residual of every event in 1/GeV: the limit at its true momentum; 1 without a muon.</summary>
    public double[] ReferenceSigma(EventSet events)
    {
        double[] sigma = new double[events.Count];
        for (int e = 0; e < sigma.Length; e++)
        {
            sigma[e] = events.TruthMuon[e] != 0 ? Limit.Sigma(events.TruthQOverPt[e]) : 1;
        }

        return sigma;
    }
}
