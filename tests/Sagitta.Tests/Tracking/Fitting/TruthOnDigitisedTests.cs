namespace Sagitta.Tests.Tracking.Fitting;

/// <summary>Labels as weights on digitised Geant4 hits: clusters, then the fit with full covariance.</summary>
[Trait("data", "full")]
public sealed class TruthOnDigitisedTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(100)]
    public void Core_is_near_the_limit_of_the_measured_resolution_and_pulls_are_unit(int pt)
    {
        Detector detector = DetectorFile.Load("toy16");
        DepositSet deposits = Geant4Deposits.Read(detector, TestData.Full("geant4-toy16", $"fixed{pt}_hits.csv.gz"),
            TestData.Full("geant4-toy16", $"fixed{pt}_truth.csv.gz"));
        EventSet events = DepositDigitisation.Digitise(detector, deposits, new() { Background = new() { KHzPerCm2 = [0] } }, seed: 2);
        int planes = events.PlaneCount;
        Segments groups = new();
        PlaneGroups.Set(groups, events.Hits, [.. Enumerable.Range(0, events.Count)]);
        double[] pitch = detector.Planes.Select(plane => plane.StripPitch).ToArray();
        using Tape<double> tape = new(recording: false);
        Clusters clusters = SoftClustering.Apply(
            tape.Constant(events.LabelHit.Select(label => (double)label).ToArray(), events.HitCount, 1),
            events.HitY.Select(y => (double)y).ToArray(),
            events.HitCharge.Select(q => (double)q).ToArray(),
            groups,
            pitch,
            new());
        CircleGeometry geometry = CircleGeometry.Of(detector);
        TrackMaterial material = new(detector);
        ImplicitSolution first = new CircleFit(geometry).Apply(clusters.Centroid, clusters.Sigma, clusters.Presence);
        clusters = clusters with
        {
            Sigma = InclinedErrors.Apply(
            detector, geometry, new(), clusters, first.Value, first.Statuses, PlaneShifts.None(tape, geometry.PlaneCount))
        };
        ImplicitSolution full = new CorrelatedFit(geometry, material).Apply(
            clusters.Centroid, clusters.Sigma, clusters.Presence, first.Value);
        TrackQuality[] qualities = new TrackQuality[events.Count];
        TrackQuality.OfCorrelatedFits(
            geometry, material, new(), full.Value.Values, full.Statuses, first.Value.Values, clusters.Centroid.Values,
                clusters.Sigma.Values, clusters.Presence.Values, qualities);
        double[] measured = new double[planes];
        List<double> clusterPulls = [];
        for (int i = 0; i < planes; i++)
        {
            List<double> residuals = [];
            for (int e = 0; e < events.Count; e++)
            {
                int k = (e * planes) + i;
                if (clusters.Presence.Values[k] > 0.5 && float.IsFinite(events.TruthCrossing[k]))
                {
                    residuals.Add(clusters.Centroid.Values[k] - events.TruthCrossing[k]);
                    clusterPulls.Add((clusters.Centroid.Values[k] - events.TruthCrossing[k]) / clusters.Sigma.Values[k]);
                }
            }

            measured[i] = new ResidualSample(residuals.ToArray()).CoreWidth;
        }

        int many = 0, converged = 0;
        for (int e = 0; e < events.Count; e++)
        {
            bool enough = qualities[e].Planes >= 10;
            many += enough ? 1 : 0;
            converged += enough && full.Statuses[e] == SolveStatus.Converged ? 1 : 0;
        }

        Assert.True(many > 4900 && converged >= 0.999 * many, $"{converged} of {many} events with ten planes or more converge");
        TrackOutcome[] outcomes = new TrackOutcome[events.Count];
        for (int e = 0; e < events.Count; e++)
        {
            outcomes[e] = new(full.Statuses[e], full.Value.Values[(3 * e) + 2], qualities[e].QOverPtError, events.TruthQOverPt[e]);
        }

        ResolutionLimit limit = new(detector, measured);
        ResolutionSummary summary = ResolutionSummary.Of(outcomes, limit.Relative, []);
        double clusterPull = new ResidualSample(clusterPulls.ToArray()).CoreWidth;
        string figures =
            $"{pt} GeV: core {summary.CoreWidth:F3} limits of {limit.Relative(pt):P3}, pull {summary.PullWidth:F3}, median "
            + $"{summary.PullMedian:F3}, planes {measured.Average():F4} mm, cluster pull {clusterPull:F3}, failed {summary.FailedFits}";
        Assert.True(Math.Abs(summary.CoreWidth - 1) <= 0.2 && Math.Abs(summary.PullWidth - 1) <= 0.1
            && Math.Abs(clusterPull - 1) <= 0.1, figures);
    }
}
