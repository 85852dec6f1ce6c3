namespace Sagitta.Tests.Tracking.Fitting;

/// <summary>The fit with full covariance on Geant4 crossings smeared by 0.1 mm, against the Cramer-Rao bound.</summary>
[Trait("data", "full")]
public sealed class PhysicalLimitTests
{
    [Theory]
    [InlineData(5, 0.10)]
    [InlineData(10, 0.05)]
    [InlineData(30, 0.05)]
    [InlineData(100, 0.05)]
    public void Core_and_pulls_are_at_the_limit(int pt, double tolerance)
    {
        string folder = Environment.GetEnvironmentVariable("SAGITTA_DATA")
            ?? throw new InvalidOperationException("Set SAGITTA_DATA to the folder that holds geant4-toy16.");
        string stem = Path.Combine(folder, "geant4-toy16", $"fixed{pt}");
        Detector detector = DetectorFile.Load("toy16");
        DepositSet deposits = Geant4Deposits.Read(detector, stem + "_hits.csv.gz", stem + "_truth.csv.gz");
        EventSet events = DepositDigitisation.Digitise(
            detector, deposits, new() { Smear = 0.1, Background = new() { KHzPerCm2 = [0] } }, seed: 1);
        int planes = events.PlaneCount;
        double[] centroid = new double[events.Count * planes];
        double[] sigma = new double[events.Count * planes];
        double[] presence = new double[events.Count * planes];
        Array.Fill(sigma, 0.1);
        for (int e = 0; e < events.Count; e++)
        {
            for (int j = events.HitOffsets[e]; j < events.HitOffsets[e + 1]; j++)
            {
                centroid[(e * planes) + events.HitPlane[j]] = events.HitY[j];
                presence[(e * planes) + events.HitPlane[j]] = 1;
            }
        }

        CircleGeometry geometry = CircleGeometry.Of(detector);
        TrackMaterial material = new(detector);
        using Tape<double> tape = new(recording: false);
        Tensor<double> c = tape.Constant(centroid, events.Count, planes);
        Tensor<double> s = tape.Constant(sigma, events.Count, planes);
        Tensor<double> p = tape.Constant(presence, events.Count, planes);
        ImplicitSolution first = new CircleFit(geometry).Apply(c, s, p);
        ImplicitSolution full = new CorrelatedFit(geometry, material).Apply(c, s, p, first.Value);
        TrackQuality[] qualities = new TrackQuality[events.Count];
        TrackQuality.OfCorrelatedFits(geometry, material, new(), full.Value.Values, full.Statuses, first.Value.Values, centroid, sigma,
            presence, qualities);
        TrackOutcome[] outcomes = new TrackOutcome[events.Count];
        int many = 0, converged = 0;
        for (int e = 0; e < events.Count; e++)
        {
            outcomes[e] = new(full.Statuses[e], full.Value.Values[(3 * e) + 2], qualities[e].QOverPtError, events.TruthQOverPt[e]);
            many += qualities[e].Planes >= 10 ? 1 : 0;
            converged += qualities[e].Planes >= 10 && full.Statuses[e] == SolveStatus.Converged ? 1 : 0;
        }

        ResolutionLimit limit = new(detector, 0.1);
        ResolutionSummary summary = ResolutionSummary.Of(outcomes, limit.Relative, []);
        string figures =
            $"{pt} GeV: core {summary.CoreWidth:F4} limits, pull {summary.PullWidth:F4}, median pull {summary.PullMedian:F4}, bias "
            + $"{summary.Bias:F4}, tails {summary.Tail3:F4}, converged {converged} of {many}, limit {limit.Relative(pt):P3}";
        Assert.True(Math.Abs(summary.CoreWidth - 1) <= tolerance, figures);
        Assert.True(Math.Abs(summary.PullWidth - 1) <= tolerance, figures);
        Assert.True(Math.Abs(summary.PullMedian) < 0.05, figures);
        Assert.True(converged >= 0.999 * many && many > 4500, figures);
    }
}
