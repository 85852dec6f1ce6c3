using System.Globalization;
using Sagitta.Autodiff.Solvers;
using Sagitta.Experiments.Reports.Displays;
using Sagitta.Physics.Events;
using Sagitta.Physics.Propagation;
using Sagitta.Reconstruction.Clustering;

namespace Sagitta.Experiments.Muon;

/// <summary>One event of a sample as the end-to-end method sees it.</summary>
public static class MuonEventPicture
{
    private const double DrawnPt = 20;

    /// <summary>The first event near 20 GeV whose fit converged; null if there is none.</summary>
    public static MuonDisplay? Of(MuonComparison comparison, MuonSampleResult sample)
    {
        MuonMethodResult? result = sample.Of("end-to-end") is [{ } first, ..] ? first : null;
        int e = result is null ? -1 : Enumerable.Range(0, sample.Events.Count).FirstOrDefault(
            i => sample.Events.TruthMuon[i] != 0 && result.Tracks.Status[i] == SolveStatus.Converged
                && Math.Abs((1 / Math.Abs(sample.Events.TruthQOverPt[i])) - DrawnPt) < DrawnPt / 4, -1);
        return e < 0 ? null : Draw(comparison, sample.Events, result!, e);
    }

    private static MuonDisplay Draw(MuonComparison comparison, EventSet events, MuonMethodResult result, int e)
    {
        List<MuonHit> hits = [];
        for (int i = events.HitOffsets[e]; i < events.HitOffsets[e + 1]; i++)
        {
            hits.Add(new(events.HitPlane[i], events.HitY[i], events.HitCharge[i], events.LabelHit[i] != 0)
            {
                Score = SoftClustering.Sigmoid(result.Logits![i]),
                Weight = result.Weights![i],
            });
        }

        double[] z = [.. Enumerable.Range(0, 161).Select(i => i * comparison.Chain.Detector.Planes[^1].Z * 1.02 / 160)];
        CircleTrack fit = CircleTrack.FromMomentum(result.Tracks.Y0[e], result.Tracks.Slope[e], result.Tracks.QOverPt[e], comparison.Chain.Detector.FieldTesla);
        CircleTrack truth = CircleTrack.FromMomentum(events.TruthY0[e], events.TruthSlope[e], events.TruthQOverPt[e], comparison.Chain.Detector.FieldTesla);
        return new(
            comparison.Chain.Detector,
            hits,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Event {events.EventNumber[e]}: true q/pT {events.TruthQOverPt[e]:0.0000} per GeV, fitted {result.Tracks.QOverPt[e]:0.0000}. The circle of the vertex ignores scattering, so the muon leaves it."))
        {
            Tracks =
            [
                new("fit", z, [.. z.Select(fit.At)]) { Series = 1 },
                new("circle of the vertex", z, [.. z.Select(truth.At)]) { Series = 0 },
            ],
        };
    }
}
