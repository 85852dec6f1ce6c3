using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Sagitta.Experiments.Muon.Tuning;

/// <summary>Calibrates <see cref="ClusterResolution"/> on simulated muons of 3 to 150 GeV without background: the likelihood of (centroid -
/// crossing) / error with Student's tails over all clusters of true hits, then all variances scaled so that the core of that ratio is
/// 1.</summary>
internal sealed class ClusterCalibration
{
    private const double Freedom = 5;
    private const ulong Seed = 77;
    private readonly Detector _detector;
    private readonly List<Cluster> _clusters = [];

    /// <summary>Simulates <paramref name="events"/> muons in a detector.</summary>
    public ClusterCalibration(Detector detector, int events, WorkerThreads threads)
    {
        _detector = detector;
        SimulationOptions options = new()
        {
            Vertex = new() { Momentum = [new() { Low = 3, High = 150, Exponent = 1 }] },
            Digitisation = new() { Background = new() { KHzPerCm2 = [0] } },
        };
        Gather(MuonSimulation.Generate(detector, options, Seed, 0, events, threads));
    }

    /// <summary>The calibration, beginning with <paramref name="start"/>.</summary>
    public ClusterResolution Run(ClusterResolution start)
    {
        ClusterResolution known = Best(
            [start.Constant, start.SingleStrip, start.Trail, start.LostTrail, start.LostTrailFall, start.VerticalSpread, start.Excess],
            x => start with
            {
                Constant = x[0],
                SingleStrip = x[1],
                Trail = x[2],
                LostTrail = x[3],
                LostTrailFall = x[4],
                VerticalSpread = x[5],
                Excess = x[6]
            },
            WithTrack);
        double square = Square(PullCore(known));
        known = known with
        {
            Constant = known.Constant * square,
            SingleStrip = known.SingleStrip * square,
            Trail = known.Trail * square,
            LostTrail = known.LostTrail * square,
            Excess = known.Excess * square,
        };

        // Without a track on top of the same intrinsic variance; a likelihood of such tails has a core that is narrower than 1.
        return Best([start.Spread, start.SpreadOnset], x => known with { Spread = x[0], SpreadOnset = x[1] }, (model, cluster) =>
            WithoutTrack(model, cluster) / square);
    }

    /// <summary>Core of (centroid - crossing) / error for clusters whose track is known.</summary>
    public double PullCore(ClusterResolution model) =>
        new ResidualSample([.. _clusters.Select(cluster => cluster.Residual / Math.Sqrt(WithTrack(model, cluster)))]).CoreWidth;

    private static double Square(double x) => x * x;

    private static double WithTrack(ClusterResolution model, Cluster cluster) =>
        model.Intrinsic(cluster.Pitch, cluster.Concentration, 0) + model.WithTrack(
            cluster.Pitch, cluster.Gap, cluster.Tangent, cluster.Width, out _, out _);

    private static double WithoutTrack(ClusterResolution model, Cluster cluster) =>
        model.Intrinsic(cluster.Pitch, cluster.Concentration, 0) + model.WithoutTrack(cluster.Pitch, cluster.Width, out _);

    // Parameters are positive: the simplex moves in their logarithms.
    private ClusterResolution Best(double[] start, Func<double[], ClusterResolution> model,
        Func<ClusterResolution, Cluster, double> variance)
    {
        double[] Parameters(Vector<double> logarithms) => [.. logarithms.Select(Math.Exp)];
        IObjectiveFunction minusLikelihood = ObjectiveFunction.Value(x =>
        {
            ClusterResolution candidate = model(Parameters(x));
            double sum = 0;
            foreach (Cluster cluster in _clusters)
            {
                double square = variance(candidate, cluster);
                sum += (0.5 * Math.Log(square)) + ((Freedom + 1) / 2 * Math.Log(
                    1 + (cluster.Residual * cluster.Residual / (Freedom * square))));
            }

            return sum / _clusters.Count;
        });
        Vector<double> guess = Vector<double>.Build.Dense(start.Length, i => Math.Log(start[i]));
        MinimizationResult found = new NelderMeadSimplex(1e-7, 4000).FindMinimum(minusLikelihood, guess);
        return model(Parameters(found.MinimizingPoint));
    }

    private void Gather(EventSet events)
    {
        CircleGeometry geometry = CircleGeometry.Of(_detector);
        for (int e = 0; e < events.Count; e++)
        {
            int hit = events.HitOffsets[e];
            int end = events.HitOffsets[e + 1];
            while (hit < end)
            {
                int first = hit;
                int plane = events.HitPlane[hit];
                double charge = 0, moment = 0, second = 0, squares = 0;
                for (; hit < end && events.HitPlane[hit] == plane; hit++)
                {
                    double q = events.LabelHit[hit] * events.HitCharge[hit];
                    double distance = events.HitY[hit] - events.HitY[first];
                    charge += q;
                    moment += q * distance;
                    second += q * distance * distance;
                    squares += q * q;
                }

                float crossing = events.TruthCrossing[(e * events.PlaneCount) + plane];
                double sine = events.TruthSlope[e] + (events.TruthQOverPt[e] * geometry.CurvaturePerQOverPt * geometry.Z[plane]);
                if (charge > 0 && float.IsFinite(crossing) && Math.Abs(sine) < 1)
                {
                    double mean = moment / charge;
                    Plane at = _detector.Planes[plane];
                    _clusters.Add(new(
                        events.HitY[first] + mean - crossing,
                        Math.Max(0, (second / charge) - (mean * mean)),
                        squares / (charge * charge),
                        sine / Math.Sqrt(1 - (sine * sine)),
                        at.StripPitch,
                        at.GapThickness));
                }
            }
        }
    }

    private readonly record struct Cluster(double Residual, double Width, double Concentration, double Tangent, double Pitch, double Gap);
}
