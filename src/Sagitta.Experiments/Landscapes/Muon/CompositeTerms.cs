namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>The terms of the composite loss of one group of events as operations on one tape in double precision, from logits on; each is a
/// share of a mean over all groups.</summary>
internal static class CompositeTerms
{
    /// <summary>The group's share of the class-balanced cross-entropies of scores and of weights.</summary>
    public static Tensor<double> Classification(HitLogits<double> logits, MuonSample sample, int group, MuonLossOptions options)
    {
        Tape<double> tape = logits.Score.Tape;
        EventSet events = sample.Events;
        Tensor<double> labels = tape.Allocate(logits.Score.Rows, 1);
        Tensor<double> weights = tape.Allocate(logits.Score.Rows, 1);
        int row = 0;
        foreach (int e in sample.Groups[group])
        {
            for (int hit = events.HitOffsets[e]; hit < events.HitOffsets[e + 1]; hit++, row++)
            {
                labels.Values[row] = events.LabelHit[hit];
                weights.Values[row] = events.LabelHit[hit] != 0 ? sample.Scale.PerTrueHit : sample.Scale.PerOtherHit;
            }
        }

        Tensor<double> score = BinaryCrossEntropy<double>.Apply(logits.Score, labels, weights);
        Tensor<double> weight = BinaryCrossEntropy<double>.Apply(logits.Weight, labels, weights);
        return Add<double>.Apply(score, Scale<double>.Apply(weight, options.WeightClassification));
    }

    /// <summary>The group's share of the robust residual of q/pT and of the likelihood per plane, through clustering and fit.</summary>
    public static (Tensor<double> Fit, Tensor<double> Likelihood) Fit(
        Tensor<double> weightLogits, MuonSample sample, int group, MuonLossOptions options)
    {
        Tape<double> tape = weightLogits.Tape;
        EventSet events = sample.Events;
        int[] selection = sample.Groups[group];
        Span<double> truth = tape.Scratch<double>(selection.Length);
        Span<double> unit = tape.Scratch<double>(selection.Length);
        for (int i = 0; i < selection.Length; i++)
        {
            truth[i] = events.TruthMuon[selection[i]] != 0 ? events.TruthQOverPt[selection[i]] : 0;
            unit[i] = sample.ReferenceSigma[selection[i]];
        }

        FittedEvents fitted = sample.Chain.Tracks.Apply(
            Scale<double>.Apply(weightLogits, options.Sharpness, -options.Sharpness * options.HalfWeightLogit), logits: true, events,
            selection, sample.Graphs[group].PlaneHits);
        Tensor<double> residual = Sum<double>.Apply(CurvatureLoss.Apply(fitted.Track, fitted.Statuses, truth, unit, sample.Chain.Robust));
        Tensor<double> likelihood = Sum<double>.Apply(
            TrackLikelihood.Apply(sample.Chain.Geometry, fitted.Track, fitted.Statuses, fitted.Clusters.Centroid, fitted.Clusters.Sigma,
                fitted.Clusters.Presence));
        return (Scale<double>.Apply(residual, sample.Scale.PerEvent),
            Scale<double>.Apply(likelihood, sample.Scale.PerEvent / sample.Chain.Geometry.PlaneCount));
    }
}
