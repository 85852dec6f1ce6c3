namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>One event as models see it: hits by score, truth, weight and influence on the momentum, tracks, residuals of the
/// planes.</summary>
internal static class MuonEventPicture
{
    private const int PointsOfTrack = 160;
    private const double TypicalPt = 20;

    /// <summary>For a sample: an ordinary event, the one where the first seed's end-to-end fit gains most over its twin's, and the one
    /// where it loses most.</summary>
    public static IEnumerable<EventDisplay> Chosen(MuonComparison comparison, MuonSampleResult sample)
    {
        if (sample.LoadEvent is not { } load || sample.Of(MuonMethod.EndToEnd) is not [{ } endToEnd, ..]
            || sample.Of(MuonMethod.Factorised) is not [{ } factorised, ..])
        {
            yield break;
        }

        double[] error = Errors(comparison, sample, endToEnd);
        double[] twin = Errors(comparison, sample, factorised);
        MuonModel[] models = [.. new[] { MuonMethod.EndToEnd, MuonMethod.Factorised }.Select(method =>
            comparison.Models.First(m => m.Method == method && m.Experiment.Seed == endToEnd.Seed))];
        int[] known = [.. Enumerable.Range(0, error.Length).Where(e => double.IsFinite(error[e]) && double.IsFinite(twin[e]))];
        if (known.Length == 0)
        {
            yield break;
        }

        int[] picks =
        [
            known.MinBy(e => Math.Abs((1 / Math.Abs(sample.Events.TruthQOverPt[e])) - TypicalPt)),
            known.MaxBy(e => twin[e] - error[e]),
            known.MaxBy(e => error[e] - twin[e]),
        ];
        string[] reasons = ["The event nearest to 20 GeV.", "Where end-to-end gains most over its twin.",
            "Where end-to-end loses most against its twin."];
        foreach ((int e, string reason) in picks.Zip(reasons))
        {
            EventSet one = load(sample.Events.EventNumber[e]);
            string note = string.Create(CultureInfo.InvariantCulture,
                $"{reason} Error of q/pT: {error[e]:0.00} limits, of the twin {twin[e]:0.00}.");
            yield return Draw(comparison.Chain, models, one, 0, note);
        }
    }

    private static double[] Errors(MuonComparison comparison, MuonSampleResult sample, MuonMethodResult result)
    {
        double[] errors = new double[sample.Events.Count];
        for (int e = 0; e < errors.Length; e++)
        {
            double truth = sample.Events.TruthQOverPt[e];
            errors[e] = sample.Events.TruthMuon[e] != 0 && result.Tracks.Status[e] == SolveStatus.Converged
                ? Math.Abs(result.Tracks.QOverPt[e] - truth) / Math.Abs(truth) / comparison.Chain.Limit.Relative(1 / Math.Abs(truth))
                : double.NaN;
        }

        return errors;
    }

    /// <summary>Draws one event of a sample, with a note for the caption, which may be empty. The first model, whose stages these are,
    /// gives scores, weights, influence and residuals; all give a track.</summary>
    public static EventDisplay Draw(MuonChain chain, IReadOnlyList<MuonModel> models, EventSet events, int index, string note)
    {
        EventSet one = events.Only(index);
        using WorkerThreads threads = new(1);
        MuonEvaluation evaluation = new(chain, threads);
        MuonMethodResult[] results = [.. models.Select(model => evaluation.Network(model, one))];
        double[] weights = results[0].Weights!;
        using HitInfluence influence = new(chain.Tracks);
        double[] removal = influence.OfRemoval(one.Hits, 0, weights);
        double error = results[0].Tracks.QOverPtError[0];
        List<(byte Label, DisplayHit Hit)> hits = [];
        for (int i = 0; i < one.HitCount; i++)
        {
            Plane plane = chain.Detector.Planes[one.HitPlane[i]];
            hits.Add((one.LabelHit[i], new(plane.Z, one.HitY[i])
            {
                Panel = plane.Station,
                Amount = one.HitCharge[i],
                Title = string.Create(CultureInfo.InvariantCulture,
                    $"plane {one.HitPlane[i]}, y {one.HitY[i]:0.00} mm\n{(one.LabelHit[i] != 0 ? "particle" : "background")}, charge "
                    + $"{one.HitCharge[i]:0.#}"),
                Values = [SoftClustering.Sigmoid(results[0].Logits!.Score[i]), one.LabelHit[i], weights[i], removal[i] / error],
            }));
        }

        return new(Planes(chain.Detector), [.. hits.OrderBy(h => h.Label).Select(h => h.Hit)], Caption(one, results, note))
        {
            Panels = [.. Enumerable.Range(1, chain.Detector.Planes.Max(p => p.Station) + 1).Select(
                station => new DisplayPanel(string.Create(CultureInfo.InvariantCulture, $"Station {station}")))],
            Quantities =
                [new("score"), new("truth", "background", "particle"), new("weight"), new("influence", "", "σ") { Signed = true }],
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
            yield return new(result.Method.Name, z, [.. z.Select(circle.At)]) { Series = MuonFigures.Series(result.Method) };
        }

        if (one.TruthMuon[0] != 0)
        {
            // Where the muon really was, scattered from plane to plane.
            int[] crossed = [.. Enumerable.Range(0, one.PlaneCount).Where(i => float.IsFinite(one.TruthCrossing[i]))];
            yield return new("true muon", [.. crossed.Select(i => chain.Detector.Planes[i].Z)],
                [.. crossed.Select(i => (double)one.TruthCrossing[i])])
            {
                Series = MuonFigures.Series(MuonMethod.Truth),
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
