namespace Sagitta.Tests.Tracking.Tracks;

public sealed class HitInfluenceTests
{
    private static readonly Detector _detector = DetectorFile.Load("toy16");
    private static readonly EventSet _events = Simulate();
    private static readonly double[] _weights = Weights();

    [Fact]
    public void Influence_is_the_derivative_with_respect_to_the_weight()
    {
        using HitInfluence influence = new(new(_detector, new(), new()));
        const double Step = 1e-4;
        for (int e = 0; e < 6; e++)
        {
            double[] weights = Of(e);
            double[] removal = influence.OfRemoval(_events.Hits, e, weights);
            double scale = removal.Max(Math.Abs);
            for (int i = 0; i < weights.Length; i += 3)
            {
                double kept = weights[i];
                weights[i] = kept * (1 - Step);
                double lower = influence.QOverPt(_events.Hits, e, weights);
                weights[i] = kept * (1 + Step);
                double upper = influence.QOverPt(_events.Hits, e, weights);
                weights[i] = kept;
                Assert.Equal(removal[i] / scale, (lower - upper) / (2 * Step) / scale, 1e-5);
            }
        }
    }

    [Fact]
    public void Taking_away_hits_of_small_share_changes_the_momentum_by_their_influence()
    {
        using HitInfluence influence = new(new(_detector, new(), new()));
        List<(double First, double Exact)> pairs = [];
        for (int e = 0; e < _events.Count; e++)
        {
            double[] weights = Of(e);
            double centre = influence.QOverPt(_events.Hits, e, weights);
            double[] removal = influence.OfRemoval(_events.Hits, e, weights);
            double[] mass = new double[_events.PlaneCount];
            double[] moment = new double[_events.PlaneCount];
            int first = _events.HitOffsets[e];
            for (int i = 0; i < weights.Length; i++)
            {
                double share = weights[i] * _events.HitCharge[first + i];
                mass[_events.HitPlane[first + i]] += share;
                moment[_events.HitPlane[first + i]] += share * _events.HitY[first + i];
            }

            for (int i = 0; i < weights.Length; i++)
            {
                // Beside hits of the muon, and so that the spread of the plane hardly changes: 0.002 mm^2.
                int plane = _events.HitPlane[first + i];
                double distance = _events.HitY[first + i] - (moment[plane] / mass[plane]);
                if (weights[i] < 1e-3 && mass[plane] > 1 && weights[i] * _events.HitCharge[first + i] / mass[
                    plane] * distance * distance < 0.002)
                {
                    double kept = weights[i];
                    weights[i] = 0;
                    pairs.Add((removal[i] / Math.Abs(centre), (influence.QOverPt(_events.Hits, e, weights) - centre) / Math.Abs(centre)));
                    weights[i] = kept;
                }
            }
        }

        double xx = pairs.Sum(p => p.First * p.First);
        double xy = pairs.Sum(p => p.First * p.Exact);
        double yy = pairs.Sum(p => p.Exact * p.Exact);
        Assert.True(pairs.Count > 50, $"{pairs.Count} hits");
        Assert.True(xy / Math.Sqrt(xx * yy) > 0.99, $"correlation {xy / Math.Sqrt(xx * yy)}");
        Assert.Equal(1, xy / xx, 0.1);
    }

    [Fact]
    public void An_event_without_a_fit_has_no_influence()
    {
        using HitInfluence influence = new(new(_detector, new(), new()));
        double[] none = new double[Of(0).Length];
        Assert.All(influence.OfRemoval(_events.Hits, 0, none), value => Assert.Equal(0, value));
        Assert.True(double.IsNaN(influence.QOverPt(_events.Hits, 0, none)));
    }

    private static double[] Of(int e) => _weights[_events.HitOffsets[e].._events.HitOffsets[e + 1]];

    // As a network leaves them: near 1 for true hits, small for others.
    private static double[] Weights()
    {
        RandomDraws draws = RandomKey.FromSeed(8).Draws();
        double[] weights = new double[_events.HitCount];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = _events.LabelHit[i] != 0 ? draws.NextUniform(0.7, 1) : draws.NextUniform(1e-5, 1e-4);
        }

        return weights;
    }

    private static EventSet Simulate()
    {
        using WorkerThreads threads = new(1);
        return MuonSimulation.Generate(_detector, new() { Digitisation = new() { Background = new() { KHzPerCm2 = [5] } } }, 21, 0, 12,
            threads);
    }
}
