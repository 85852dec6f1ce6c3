using System.ComponentModel.DataAnnotations;
using System.Numerics;

namespace Sagitta.Tracking.Muon;

/// <summary>
/// The composite loss of some events of a batch, from logits on: cross-entropy of their hits, error of q/pT and likelihood of the fit.
/// Training, landscapes and studies take it from here, each with its own way to logits and gradients.
/// </summary>
/// <param name="chain">Clusters and fit.</param>
/// <param name="options">Weights of the terms.</param>
/// <param name="robustScale">Scale of the robust function of the residual, in limits.</param>
internal sealed class MuonLoss(MuonChain chain, MuonLossOptions options, double robustScale)
{
    private readonly RobustFunction _robust = new RobustFunction.Cauchy(robustScale);

    /// <summary>The loss of an experiment.</summary>
    public MuonLoss(MuonChain chain, MuonExperiment experiment)
        : this(chain, experiment.Loss, experiment.RobustScale)
    {
    }

    /// <summary>The stages.</summary>
    public MuonChain Chain => chain;

    /// <summary>Weights of the terms.</summary>
    public MuonLossOptions Options => options;

    /// <summary>The events' share of the class-balanced cross-entropies of scores and, times their share, of weights.</summary>
    public Tensor<T> Classification<T>(in HitLogits<T> logits, EventSet events, ReadOnlySpan<int> selection, in MuonBatchScale scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tape<T> tape = logits.Score.Tape;
        Tensor<T> labels = tape.Allocate(logits.Score.Rows, 1);
        Tensor<T> weights = tape.Allocate(logits.Score.Rows, 1);
        Span<T> label = labels.Values;
        Span<T> weight = weights.Values;
        T trueHit = T.CreateTruncating(scale.PerTrueHit);
        T otherHit = T.CreateTruncating(scale.PerOtherHit);
        int row = 0;
        foreach (int e in selection)
        {
            foreach (byte truth in events.LabelHit.AsSpan(events.Hits.HitsOf(e)))
            {
                label[row] = T.CreateTruncating(truth);
                weight[row++] = truth != 0 ? trueHit : otherHit;
            }
        }

        Tensor<T> ofScores = BinaryCrossEntropy<T>.Apply(logits.Score, labels, weights);
        Tensor<T> ofWeights = BinaryCrossEntropy<T>.Apply(logits.Weight, labels, weights);
        return Add<T>.Apply(ofScores, Scale<T>.Apply(ofWeights, options.WeightClassification));
    }

    /// <summary>The events' share of the fit terms.</summary>
    /// <param name="weightLogits">Logits of the weights in the fit (see <see cref="MuonReading.Soft.WeightLogits"/>), one a hit.</param>
    /// <param name="events">The sample.</param>
    /// <param name="selection">The events, as places in the sample.</param>
    /// <param name="units">For every event of the sample one unit of residual, 1/GeV.</param>
    /// <param name="scale">What makes sums means.</param>
    /// <param name="planes">Room for groups of hits, which must stay as they are until the backward pass is over.</param>
    public MuonFitTerms Fit(Tensor<double> weightLogits, EventSet events, ReadOnlySpan<int> selection, ReadOnlySpan<double> units,
        in MuonBatchScale scale, Segments planes)
    {
        Tape<double> tape = weightLogits.Tape;
        FittedEvents fitted = chain.Tracks.Apply(weightLogits, logits: true, events.Hits, selection, planes);
        Span<double> truth = tape.Scratch<double>(selection.Length);
        Span<double> unit = tape.Scratch<double>(selection.Length);
        int failed = 0;
        for (int i = 0; i < selection.Length; i++)
        {
            truth[i] = events.TruthMuon[selection[i]] != 0 ? events.TruthQOverPt[selection[i]] : 0;
            unit[i] = units[selection[i]];
            failed += fitted.Statuses[i] == SolveStatus.Converged ? 0 : 1;
        }

        int planeCount = chain.Geometry.PlaneCount;
        Tensor<double> residual = Sum<double>.Apply(CurvatureLoss.Apply(fitted.Track, fitted.Statuses, truth, unit, _robust));
        Tensor<double> likelihood = Sum<double>.Apply(TrackLikelihood.Apply(chain.Geometry, fitted.Track, fitted.Statuses,
            fitted.Clusters.Centroid, fitted.Clusters.Sigma, fitted.Clusters.Presence));
        Tensor<double> sum = Add<double>.Apply(Scale<double>.Apply(residual, options.Fit * scale.FitFactor * scale.PerEvent),
            Scale<double>.Apply(likelihood, options.Likelihood * scale.FitFactor * scale.PerEvent / planeCount));
        MuonFitTerms terms = new(sum, residual.Values[0] * scale.PerEvent, likelihood.Values[0] * scale.PerEvent / planeCount, failed);
        if (!(options.LocalLikelihood > 0))
        {
            return terms;
        }

        Tensor<double> local = Sum<double>.Apply(LocalLikelihood.Apply(fitted.Clusters, events, selection));
        Tensor<double> weighed = Scale<double>.Apply(local, options.LocalLikelihood * scale.FitFactor * scale.PerEvent / planeCount);
        Tensor<double> both = Add<double>.Apply(sum, weighed);
        return terms with
        {
            Sum = both,
            Back = options.EndToEnd ? both : weighed,
            Local = local.Values[0] * scale.PerEvent / planeCount,
        };
    }
}

/// <summary>What the fit adds to the loss of some events.</summary>
/// <param name="Sum">All terms with their weights.</param>
/// <param name="Residual">Robust residual of q/pT before its weight.</param>
/// <param name="Likelihood">Likelihood per plane before its weight.</param>
/// <param name="FailedFits">Events whose fit failed.</param>
internal readonly record struct MuonFitTerms(Tensor<double> Sum, double Residual, double Likelihood, int FailedFits)
{
    /// <summary>What goes back: all terms end to end, else the local likelihood alone.</summary>
    public Tensor<double> Back { get; init; } = Sum;

    /// <summary>Local likelihood per plane before its weight.</summary>
    public double Local { get; init; }
}

/// <summary>Terms of the composite loss, each already a mean over its batch and before its weight.</summary>
/// <param name="Classification">Class-balanced cross-entropy, its weight included.</param>
/// <param name="Fit">Robust residual of q/pT.</param>
/// <param name="Likelihood">Likelihood per plane.</param>
/// <param name="FailedFits">Events whose fit failed.</param>
internal readonly record struct MuonLossTerms(double Classification, double Fit, double Likelihood, int FailedFits)
{
    /// <summary>All terms with their weights of the step: what is made small end to end.</summary>
    public double Total { get; init; }

    /// <summary>Local likelihood per plane.</summary>
    public double Local { get; init; }

    /// <summary>How many numbers they are.</summary>
    public const int Numbers = 6;

    /// <summary>The terms that <see cref="CopyTo"/> wrote.</summary>
    public static MuonLossTerms Of(ReadOnlySpan<double> numbers) =>
        new(numbers[0], numbers[1], numbers[2], (int)numbers[3]) { Total = numbers[4], Local = numbers[5] };

    /// <summary>Writes them as numbers.</summary>
    public void CopyTo(Span<double> numbers) => ((ReadOnlySpan<double>)[Classification, Fit, Likelihood, FailedFits, Total, Local])
        .CopyTo(numbers);

    /// <summary>Term by term.</summary>
    public static MuonLossTerms operator +(MuonLossTerms a, MuonLossTerms b) => new(a.Classification + b.Classification, a.Fit + b.Fit,
        a.Likelihood + b.Likelihood, a.FailedFits + b.FailedFits)
    {
        Total = a.Total + b.Total,
        Local = a.Local + b.Local,
    };
}

/// <summary>What turns sums over a chunk into means over its batch; known from labels before any chunk runs, so chunks stay
/// independent.</summary>
/// <param name="PerTrueHit">Weight of a hit of the muon in the cross-entropy.</param>
/// <param name="PerOtherHit">Weight of any other hit.</param>
/// <param name="PerEvent">One over the events of the batch.</param>
/// <param name="FitFactor">What the fit terms are multiplied by at this step.</param>
internal readonly record struct MuonBatchScale(float PerTrueHit, float PerOtherHit, double PerEvent, double FitFactor)
{
    /// <summary>Class-balanced: true hits together weigh as much as all others together.</summary>
    public static MuonBatchScale Of(EventSet events, ReadOnlySpan<int> selection, double classification, double fitFactor)
    {
        int trueHits = 0;
        int hits = 0;
        foreach (int e in selection)
        {
            ReadOnlySpan<byte> labels = events.LabelHit.AsSpan(events.HitOffsets[e]..events.HitOffsets[e + 1]);
            hits += labels.Length;
            foreach (byte label in labels)
            {
                trueHits += label;
            }
        }

        return new(
            (float)(0.5 * classification / Math.Max(trueHits, 1)),
            (float)(0.5 * classification / Math.Max(hits - trueHits, 1)),
            1.0 / Math.Max(selection.Length, 1),
            fitFactor);
    }
}

/// <summary>The composite loss: classification of hits, plus the error of the fit, plus the fit's likelihood.</summary>
internal sealed record MuonLossOptions
{
    /// <summary>Whether the gradient of the fit terms reaches the network.</summary>
    public bool EndToEnd { get; init; } = true;

    /// <summary>
    /// Weight of the local likelihood, a term of each plane's position and error against the true crossing, after warm-up. Where <see
    /// cref="EndToEnd"/> is false it makes the method "local", which learns of momenta without a gradient through any fit; where both are
    /// off, the method is "factorised".
    /// </summary>
    [Range(0, 1e6)]
    public double LocalLikelihood { get; init; }

    /// <summary>Whether the network, and with it a measurement stage, learns from clusters at all.</summary>
    internal bool ReachesNetwork => EndToEnd || LocalLikelihood > 0;

    /// <summary>Weight of the class-balanced binary cross-entropy of the hits.</summary>
    [Range(0, 1e6)]
    public double Classification { get; init; } = 1;

    /// <summary>
    /// Weight, relative to <see cref="Classification"/>, of the same cross-entropy of the logits of weights: all that those learn from
    /// where no gradient of the fit reaches them, and end to end what keeps background out.
    /// </summary>
    [Range(0, 1e6)]
    public double WeightClassification { get; init; } = 1;

    /// <summary>Weight of the robust residual of q/pT after warm-up.</summary>
    [Range(0, 1e6)]
    public double Fit { get; init; } = 0.1;

    /// <summary>
    /// What logits are multiplied by before they become the weights of the fit (not of the classification): above 1, hits that the
    /// network is fairly sure of leave the centroids sooner. The same for both methods and for the soft reading.
    /// </summary>
    [Range(1e-6, 1e3)]
    public double Sharpness { get; init; } = 1;

    /// <summary>
    /// The logit at which a hit has half its weight in the fit (not in the classification). Above 0, the fit can give a muon's hit little
    /// weight that classification need not then call background: how likely a hit is the muon's, and how well it tells where, are two
    /// questions. The same for both methods and for the soft reading.
    /// </summary>
    [Range(-100, 100)]
    public double HalfWeightLogit { get; init; }

    /// <summary>The reading of training: how logits are the weights of the fit.</summary>
    internal MuonReading.Soft Reading => new(Sharpness, HalfWeightLogit);

    /// <summary>
    /// Largest norm of the gradient that the fit terms of one event may have at its scores, their weights included. Without it a few events
    /// of a batch, whose fit hangs on one hit, outvote all others: half of all norms are below 1, one in a hundred is above 18.
    /// </summary>
    [Range(1e-9, 1e9)]
    public double EventClip { get; init; } = 1;

    /// <summary>Weight of the fit's likelihood term after warm-up.</summary>
    [Range(0, 1e6)]
    public double Likelihood { get; init; } = 0.01;

    /// <summary>Whether no gradient passes through the errors of the clusters. Set by a study, not by files: it changes the training and
    /// nothing after it.</summary>
    internal bool DetachErrors { get; init; }

    /// <summary>Fraction of all steps before the fit terms begin: scores must mean something before a fit of them does.</summary>
    [Range(0.0, 1.0)]
    public double WarmUpStart { get; init; } = 0.15;

    /// <summary>Fraction of all steps over which the fit terms then rise linearly to their full weights.</summary>
    [Range(0.0, 1.0)]
    public double WarmUpLength { get; init; } = 0.2;

    /// <summary>What the fit terms are multiplied by at a step.</summary>
    public double FitFactor(int step, int steps)
    {
        double progress = steps > 0 ? step / (double)steps : 1;
        return WarmUpLength > 0 ? Math.Clamp((progress - WarmUpStart) / WarmUpLength, 0, 1) : progress >= WarmUpStart ? 1 : 0;
    }
}
