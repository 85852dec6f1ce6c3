namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>One event as models see it: hits by score, truth, weight and influence on the momentum, tracks, residuals of the
/// planes.</summary>
internal static class MuonEventPicture
{
    private const int PointsOfTrack = 160;

    /// <summary>Draws an event.</summary>
    /// <param name="chain">The stages of the first model.</param>
    /// <param name="models">The first gives scores, weights, influence and residuals; all give a track.</param>
    /// <param name="events">The sample.</param>
    /// <param name="index">Which of its events.</param>
    /// <param name="note">What the caption says beyond the numbers; may be empty.</param>
    public static StationDisplay Draw(MuonChain chain, IReadOnlyList<MuonModel> models, EventSet events, int index, string note)
    {
        EventSet one = events.Only(index);
        using WorkerThreads threads = new(1);
        MuonEvaluation evaluation = new(chain, threads);
        MuonMethodResult[] results = [.. models.Select(model => evaluation.Network(model, one))];
        double[] weights = results[0].Weights!;
        using HitInfluence influence = new(chain.Tracks);
        double[] removal = influence.OfRemoval(one.Hits, 0, weights);
        double error = results[0].Tracks.QOverPtError[0];
        List<StationHit> hits = [];
        for (int i = 0; i < one.HitCount; i++)
        {
            hits.Add(new(one.HitPlane[i], one.HitY[i], one.HitCharge[i], one.LabelHit[i] != 0)
            {
                Score = SoftClustering.Sigmoid(results[0].Logits!.Score[i]),
                Weight = weights[i],
                Influence = removal[i] / error,
            });
        }

        return new(Planes(chain.Detector), hits, Caption(one, results, note))
        {
            Tracks = [.. Tracks(chain, one, results)],
            Residuals = Residuals(chain, one, weights, results[0].Tracks),
        };
    }

    /// <summary>The planes of a detector as displays draw them.</summary>
    public static IReadOnlyList<DisplayPlane> Planes(Detector detector) =>
        [.. detector.Planes.Select(p => new DisplayPlane(p.Z, p.Station))];

    private static string Caption(EventSet one, MuonMethodResult[] results, string note)
    {
        string truth = !one.HasTruth ? "truth unknown" : one.TruthMuon[0] == 0
            ? "no muon"
            : string.Create(CultureInfo.InvariantCulture,
                $"true q/pT {one.TruthQOverPt[0]:0.00000} per GeV (pT {1 / Math.Abs(one.TruthQOverPt[0]):0.0} GeV)");
        IEnumerable<string> fits = results.Select(r => r.Tracks.Status[0] == SolveStatus.Converged
            ? string.Create(CultureInfo.InvariantCulture, $"{r.Method} {r.Tracks.QOverPt[0]:0.00000} ± {r.Tracks.QOverPtError[0]:0.00000}")
            : $"{r.Method} without a track ({TrackFile.Name(r.Tracks.Status[0])})");
        string text = string.Create(CultureInfo.InvariantCulture, $"Event {one.EventNumber[0]}: {truth}; {string.Join(", ", fits)}. ");
        return text + note + (note.Length > 0 ? " " : "")
            + "Scores, weights, residuals and influence are of the first method. Influence is the change of q/pT, in units of its error, "
                + "if the hit were removed, to first order.";
    }

    private static IEnumerable<DisplayTrack> Tracks(MuonChain chain, EventSet one, MuonMethodResult[] results)
    {
        double[] z = [.. Enumerable.Range(0, PointsOfTrack + 1).Select(i => i * chain.Detector.Planes[^1].Z * 1.02 / PointsOfTrack)];
        foreach (MuonMethodResult result in results.Where(r => r.Tracks.Status[0] == SolveStatus.Converged))
        {
            TrackTable track = result.Tracks;
            CircleTrack circle = CircleTrack.FromMomentum(track.Y0[0], track.Slope[0], track.QOverPt[0], chain.Detector.FieldTesla);
            yield return new(result.Method, z, [.. z.Select(circle.At)]) { Series = MuonFigures.Series(result.Method) };
        }

        if (one.TruthMuon[0] != 0)
        {
            // Where the muon really was, scattered from plane to plane.
            int[] crossed = [.. Enumerable.Range(0, one.PlaneCount).Where(i => float.IsFinite(one.TruthCrossing[i]))];
            yield return new("true muon", [.. crossed.Select(i => chain.Detector.Planes[i].Z)],
                [.. crossed.Select(i => (double)one.TruthCrossing[i])])
            {
                Series = MuonFigures.Series("truth"),
                Style = LineStyle.Dashed,
            };
        }
    }

    private static List<PlaneResidual> Residuals(MuonChain chain, EventSet one, double[] weights, TrackTable track)
    {
        List<PlaneResidual> residuals = [];
        if (track.Status[0] != SolveStatus.Converged)
        {
            return residuals;
        }

        using Tape<double> tape = new(recording: false);
        Clusters clusters = chain.Tracks.Apply(tape.Constant(weights, weights.Length, 1), logits: false, one.Hits, [0], new()).Clusters;
        for (int i = 0; i < one.PlaneCount; i++)
        {
            if (clusters.Presence.Values[i] >= new CircleFitOptions().MinimumPresence)
            {
                double fitted = track.Y0[0] + CircleTrack.Displacement(
                    chain.Geometry.Z[i], track.Slope[0], track.QOverPt[0] * chain.Geometry.CurvaturePerQOverPt);
                double centroid = clusters.Centroid.Values[i];
                residuals.Add(new(i, centroid, centroid - fitted, clusters.Sigma.Values[i]));
            }
        }

        return residuals;
    }
}
