namespace Sagitta.Tracking.Muon.Training;

/// <summary>The composite loss: classification of hits, plus the error of the fit, plus the fit's likelihood.</summary>
internal sealed record MuonLossOptions
{
    /// <summary>The one boolean between the two methods: whether the gradient of the fit terms reaches the network.</summary>
    public bool EndToEnd { get; init; } = true;

    /// <summary>Weight of the class-balanced binary cross-entropy of the hits.</summary>
    public double Classification { get; init; } = 1;

    /// <summary>
    /// Weight, relative to <see cref="Classification"/>, of the same cross-entropy of the logits of weights: all that those learn from
    /// where no gradient of the fit reaches them, and end to end what keeps background out.
    /// </summary>
    public double WeightClassification { get; init; } = 1;

    /// <summary>Weight of the robust residual of q/pT after warm-up.</summary>
    public double Fit { get; init; } = 0.1;

    /// <summary>
    /// What logits are multiplied by before they become the weights of the fit (not of the classification): above 1, hits that the
    /// network is fairly sure of leave the centroids sooner. The same for both methods and for the soft reading.
    /// </summary>
    public double Sharpness { get; init; } = 1;

    /// <summary>
    /// The logit at which a hit has half its weight in the fit (not in the classification). Above 0, the fit can give a muon's hit little
    /// weight that classification need not then call background: how likely a hit is the muon's, and how well it tells where, are two
    /// questions. The same for both methods and for the soft reading.
    /// </summary>
    public double HalfWeightLogit { get; init; }

    /// <summary>The reading of training: how logits are the weights of the fit.</summary>
    internal MuonReading.Soft Reading => new(Sharpness, HalfWeightLogit);

    /// <summary>
    /// Largest norm of the gradient that the fit terms of one event may have at its scores, their weights included. Without it a few events
    /// of a batch, whose fit hangs on one hit, outvote all others: half of all norms are below 1, one in a hundred is above 18.
    /// </summary>
    public double EventClip { get; init; } = 1;

    /// <summary>Weight of the fit's likelihood term after warm-up.</summary>
    public double Likelihood { get; init; } = 0.01;

    /// <summary>Whether no gradient passes through the errors of the clusters. Set by a study, not by files: it changes the training and
    /// nothing after it.</summary>
    internal bool DetachErrors { get; init; }

    /// <summary>Fraction of all steps before the fit terms begin: scores must mean something before a fit of them does.</summary>
    public double WarmUpStart { get; init; } = 0.15;

    /// <summary>Fraction of all steps over which the fit terms then rise linearly to their full weights.</summary>
    public double WarmUpLength { get; init; } = 0.2;

    /// <summary>What the fit terms are multiplied by at a step.</summary>
    public double FitFactor(int step, int steps)
    {
        double progress = steps > 0 ? step / (double)steps : 1;
        return WarmUpLength > 0 ? Math.Clamp((progress - WarmUpStart) / WarmUpLength, 0, 1) : progress >= WarmUpStart ? 1 : 0;
    }
}
