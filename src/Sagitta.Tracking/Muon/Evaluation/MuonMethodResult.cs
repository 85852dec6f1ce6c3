namespace Sagitta.Tracking.Muon.Evaluation;

/// <summary>What one method reached on one sample. Metrics are those of docs/method.md; NaN where a method has no scores.</summary>
internal sealed record MuonMethodResult
{
    public required MuonMethod Method { get; init; }
    /// <summary>Seed of the network; 0 for methods without one.</summary>
    public ulong Seed { get; init; }
    /// <summary>The reading in use; empty for methods without scores.</summary>
    public string Reading { get; init; } = "";
    /// <summary>Area under the ROC curve of the hits.</summary>
    public double Auc { get; init; } = double.NaN;
    /// <summary>Average precision of the hits.</summary>
    public double AveragePrecision { get; init; } = double.NaN;
    /// <summary>Share of true hits that the reading keeps.</summary>
    public double HitEfficiency { get; init; } = double.NaN;
    /// <summary>Share of kept weight that is of true hits.</summary>
    public double HitPurity { get; init; } = double.NaN;
    /// <summary>Share of true hits that the reading keeps, by plane; empty for methods that select none.</summary>
    public IReadOnlyList<double> PlaneEfficiency { get; init; } = [];
    /// <summary>Share of kept weight that is of true hits, by plane.</summary>
    public IReadOnlyList<double> PlanePurity { get; init; } = [];
    /// <summary>Momentum resolution over all attempted events.</summary>
    public required ResolutionSummary Resolution { get; init; }
    public required TrackTable Tracks { get; init; }
    /// <summary>The ROC curve, or null.</summary>
    public RocCurve? Roc { get; init; }
    /// <summary>What each event contributes to the variance of <see cref="Auc"/> and <see cref="AveragePrecision"/>, or null.</summary>
    public ScoreInfluence? Influence { get; init; }
    /// <summary>Logits of the hits, or null.</summary>
    public SampleLogits? Logits { get; init; }
    /// <summary>Weights that the hits entered the fit with, or null.</summary>
    public double[]? Weights { get; init; }

    /// <summary>The same without what there is one of for each hit.</summary>
    public MuonMethodResult WithoutHits() => this with { Logits = null, Weights = null };
}
