namespace Sagitta.Tests.Tracking.Muon;

/// <summary>The composite loss as its users compute it against sums written out here from scores, labels and fitted tracks.</summary>
public sealed class MuonLossTests
{
    private const int Count = 8;
    private static readonly EventSet _events = SmallMuonRun.Training;
    private static readonly int[] _selection = [.. Enumerable.Range(0, Count)];

    public static TheoryData<double, double, double, double> Weights => new()
    {
        { 1, 1, 0.1, 0.033 },
        { 3, 1, 0.1, 0.033 },
        { 1, 0.25, 0.1, 0.033 },
        { 1, 1, 5, 0.033 },
        { 1, 1, 0.1, 0.033 * 256 },
    };

    [Theory]
    [MemberData(nameof(Weights))]
    public void Trainer_probe_and_curved_loss_agree_with_sums_written_out(
        double classification, double ofWeights, double fit, double likelihood)
    {
        MuonLossOptions options = new()
        {
            Classification = classification,
            WeightClassification = ofWeights,
            Fit = fit,
            Likelihood = likelihood,
            Sharpness = 2,
            HalfWeightLogit = 0.5,
        };
        MuonChain chain = new(SmallMuonRun.Experiment, SmallMuonRun.Detector);
        using ParameterVector<float> parameters = new(chain.Scorer.Layout);
        parameters.Initialise(RandomKey.FromSeed(9));
        using WorkerThreads threads = new(1);
        SampleLogits logits = chain.Logits(_events.Hits, [parameters], threads)[0];
        double expectedClassification = Classification(logits, options);
        (double residual, double likelihoods) = Fit(chain, logits, options);
        double expected = expectedClassification + (fit * residual) + (likelihood * likelihoods);

        // Float sums of some thousand hits.
        const double Float = 2e-5;
        MuonLoss loss = new(chain, options, robustScale: 3);
        MuonSample sample = new(chain, _events, Count, classification);
        using ParameterVector<float> gradients = new(chain.Scorer.Layout);
        using MuonTrainingChunk chunk = new(loss, Count);
        MuonLossTerms trained = chunk.Run(_events, _selection, chain.ReferenceSigma(_events),
            MuonBatchScale.Of(_events, _selection, classification, 1), parameters, gradients);
        Close(expectedClassification, trained.Classification, Float);
        Close(residual, trained.Fit, 1e-9);
        Close(likelihoods, trained.Likelihood, 1e-9);
        Close(expected, trained.Total, Float);

        double[] centre = [.. parameters.Values.ToArray().Select(p => (double)p)];
        using CompositeProbe probe = new(sample, loss, 1);
        double[] probed = new double[3];
        probe.Measure(0, centre, probed);
        Close(expected, probed[0], 1e-6);
        Close(expectedClassification, probed[1], 1e-6);
        Close(residual, probed[2], 1e-9);

        // Its network is in double precision: the fits move a little with it.
        using CompositeLoss curved = new(sample, loss, withFit: true, threads);
        Close(expected, curved.Gradient(centre, new double[centre.Length]), 1e-3);
        using CompositeLoss classificationAlone = new(sample, loss, withFit: false, threads);
        Close(expectedClassification, classificationAlone.Gradient(centre, new double[centre.Length]), 1e-3);
    }

    [Fact]
    public void The_local_method_learns_of_planes_and_not_of_fits()
    {
        ParameterVector<float> Gradient(double fit, double local)
        {
            MuonExperiment experiment = SmallMuonRun.Experiment with
            {
                Loss = new() { EndToEnd = false, Fit = fit, Likelihood = fit, LocalLikelihood = local },
                Measurement = new() { Enabled = true, Width = 8 },
            };
            MuonChain chain = new(experiment, SmallMuonRun.Detector);
            using ParameterVector<float> parameters = new(chain.Scorer.Layout);
            parameters.Initialise(RandomKey.FromSeed(9));
            ParameterVector<float> gradients = new(chain.Scorer.Layout);
            using MuonTrainingChunk chunk = new(new(chain, experiment), Count);
            chunk.Run(_events, _selection, chain.ReferenceSigma(_events), MuonBatchScale.Of(_events, _selection, 1, 1), parameters,
                gradients);
            return gradients;
        }

        using ParameterVector<float> here = Gradient(fit: 0.1, local: 0.1);
        using ParameterVector<float> otherFit = Gradient(fit: 10, local: 0.1);
        using ParameterVector<float> otherLocal = Gradient(fit: 0.1, local: 0.05);
        using ParameterVector<float> none = Gradient(fit: 0.1, local: 0);
        Assert.Equal(here.Values.ToArray(), otherFit.Values.ToArray());
        Assert.NotEqual(here.Values.ToArray(), otherLocal.Values.ToArray());
        Parameter last = here.Layout.Parameters[^1];
        Assert.StartsWith(MeasurementStage.Prefix, last.Name, StringComparison.Ordinal);
        Assert.NotEqual(0, here.Slice(last)[0]);
        Assert.Equal(0, none.Slice(last)[0]);
    }

    [Fact]
    public void Classes_weigh_alike_in_sum_whatever_their_numbers()
    {
        int trueHits = _selection.Sum(e => _events.LabelHit[_events.Hits.HitsOf(e)].Sum(label => label));
        int hits = _events.HitOffsets[Count];
        Assert.NotEqual(trueHits, hits - trueHits);
        MuonBatchScale scale = MuonBatchScale.Of(_events, _selection, 3, 1);
        Assert.Equal(1.5, trueHits * (double)scale.PerTrueHit, 1e-5);
        Assert.Equal(1.5, (hits - trueHits) * (double)scale.PerOtherHit, 1e-5);
    }

    private static void Close(double expected, double found, double relative) =>
        Assert.InRange(found, expected - (relative * Math.Abs(expected)), expected + (relative * Math.Abs(expected)));

    private static double Classification(SampleLogits logits, MuonLossOptions options)
    {
        double[] sums = new double[2];
        int[] hits = new int[2];
        for (int h = 0; h < _events.HitOffsets[Count]; h++)
        {
            int label = _events.LabelHit[h];
            hits[label]++;
            sums[label] += Surprise(logits.Score[h], label) + (options.WeightClassification * Surprise(logits.Weight[h], label));
        }

        return options.Classification * ((0.5 * sums[1] / hits[1]) + (0.5 * sums[0] / hits[0]));
    }

    private static double Surprise(double logit, int label) =>
        -Math.Log(label == 1 ? 1 / (1 + Math.Exp(-logit)) : 1 / (1 + Math.Exp(logit)));

    private static (double Residual, double Likelihood) Fit(MuonChain chain, SampleLogits logits, MuonLossOptions options)
    {
        using Tape<double> tape = new(recording: false);
        int hits = _events.HitOffsets[Count];
        double[] weights = [.. logits.Weight.Take(hits)
            .Select(x => 1 / (1 + Math.Exp(-options.Sharpness * (x - options.HalfWeightLogit))))];
        FittedEvents fitted = chain.Tracks.Apply(tape.Constant(weights, hits, 1), logits: false, _events.Hits, _selection, new());
        RobustFunction.Cauchy robust = new(3);
        double residual = 0;
        double likelihood = 0;
        int planes = _events.PlaneCount;
        for (int e = 0; e < Count; e++)
        {
            ReadOnlySpan<double> track = fitted.Track.Values.Slice(3 * e, 3);
            double truth = _events.TruthQOverPt[e];
            if (fitted.Statuses[e] != SolveStatus.Converged)
            {
                residual += robust.Maximum / Count;
                continue;
            }

            residual += robust.Value((track[TrackParameter.QOverPt] - truth) / chain.Limit.Sigma(truth)) / Count;
            CircleTrack circle = CircleTrack.FromMomentum(
                track[TrackParameter.Y0], track[TrackParameter.Slope], track[TrackParameter.QOverPt],
                SmallMuonRun.Detector.FieldTesla);
            for (int i = 0; i < planes; i++)
            {
                int k = (e * planes) + i;
                double sigma = fitted.Clusters.Sigma.Values[k];
                double pull = (circle.At(SmallMuonRun.Detector.Planes[i].Z) - fitted.Clusters.Centroid.Values[k]) / sigma;
                likelihood += fitted.Clusters.Presence.Values[k] * ((pull * pull) + Math.Log(sigma * sigma)) / Count / planes;
            }
        }

        return (residual, likelihood);
    }
}
