using Sagitta.Autodiff.Operations;
using Sagitta.Autodiff.Tensors;
using Sagitta.Experiments.Muon;
using Sagitta.Physics.Events;
using Sagitta.Reconstruction.Fitting;
using Sagitta.Reconstruction.Tracks;

namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>The terms of the composite loss of one group of events as operations on one tape in double precision, from logits on.</summary>
internal static class CompositeTerms
{
    /// <summary>The share of a group in the class-balanced cross-entropy, in the robust residual of q/pT and in the likelihood per plane, each a mean over all groups.</summary>
    public static (Tensor<double> Classification, Tensor<double> Fit, Tensor<double> Likelihood) Of(Tensor<double> logits, MuonSample sample, int group, MuonLossOptions options)
    {
        Tape<double> tape = logits.Tape;
        EventSet events = sample.Events;
        int[] selection = sample.Groups[group];
        Tensor<double> labels = tape.Allocate(logits.Rows, 1);
        Tensor<double> weights = tape.Allocate(logits.Rows, 1);
        Span<double> truth = tape.Scratch<double>(selection.Length);
        Span<double> unit = tape.Scratch<double>(selection.Length);
        int row = 0;
        for (int i = 0; i < selection.Length; i++)
        {
            int e = selection[i];
            truth[i] = events.TruthMuon[e] != 0 ? events.TruthQOverPt[e] : 0;
            unit[i] = sample.ReferenceSigma[e];
            for (int hit = events.HitOffsets[e]; hit < events.HitOffsets[e + 1]; hit++, row++)
            {
                labels.Values[row] = events.LabelHit[hit];
                weights.Values[row] = events.LabelHit[hit] != 0 ? sample.Scale.PerTrueHit : sample.Scale.PerOtherHit;
            }
        }

        Tensor<double> classification = BinaryCrossEntropy<double>.Apply(logits, labels, weights);
        FittedEvents fitted = sample.Chain.Tracks.Apply(Scale<double>.Apply(logits, options.Sharpness), logits: true, events, selection, sample.Graphs[group].PlaneHits);
        Tensor<double> residual = Sum<double>.Apply(CurvatureLoss.Apply(fitted.Track, fitted.Statuses, truth, unit, sample.Chain.Robust));
        Tensor<double> likelihood = Sum<double>.Apply(
            TrackLikelihood.Apply(sample.Chain.Geometry, fitted.Track, fitted.Statuses, fitted.Clusters.Centroid, fitted.Clusters.Sigma, fitted.Clusters.Presence));
        return (classification, Scale<double>.Apply(residual, sample.Scale.PerEvent), Scale<double>.Apply(likelihood, sample.Scale.PerEvent / sample.Chain.Geometry.PlaneCount));
    }
}
