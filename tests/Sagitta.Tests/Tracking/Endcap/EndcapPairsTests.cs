namespace Sagitta.Tests.Tracking.Endcap;

public sealed class EndcapPairsTests
{
    [Fact]
    public void Mass_is_that_of_the_four_momenta()
    {
        TrackState a = new(0, 0, 0.03, 0.3, 1 / 20.0), b = new(0, 0, -0.02, 0.33, -1 / 7.0);
        double[] Momentum(TrackState s)
        {
            double p = Math.Abs(1 / s.QOverP), n = Math.Sqrt(1 + (s.Tx * s.Tx) + (s.Ty * s.Ty));
            return [p * s.Tx / n, p * s.Ty / n, p / n, Math.Sqrt((p * p) + (0.1056583755 * 0.1056583755))];
        }

        double[] sum = [.. Momentum(a).Zip(Momentum(b), (x, y) => x + y)];
        Assert.Equal(Math.Sqrt((sum[3] * sum[3]) - (sum[0] * sum[0]) - (sum[1] * sum[1]) - (sum[2] * sum[2])),
            EndcapPairs.Mass(a, b), 1e-9);
        Assert.Equal(2 * 0.1056583755, EndcapPairs.Mass(a, a), 1e-9);
        Assert.Equal(Math.Atan(0.3), EndcapPairs.Angle(new(0, 0, 0, 0, 1), new(0, 0, 0, 0.3, 1)), 1e-12);
    }

    [Fact]
    public void Masses_of_pairs_and_a_trigger_at_fixed_efficiency_are_counted()
    {
        EndcapPairs pairs = new(_ => 1e-3);
        TrackState a = new(0, 0, 0.03, 0.3, 1 / 20.0), b = new(0, 0, -0.02, 0.33, -1 / 7.0);
        pairs.AddMass(a, b, Track(a), Track(b));
        pairs.AddMass(a, b, Track(a), Track(b with { QOverP = 2 * b.QOverP }));
        pairs.AddMass(a, b, Track(a), null);
        pairs.AddMass(a, a, Track(a), Track(a));

        // Of 20 events with two muons 19 are kept: the cut lies at the 19th, and one of two others passes it.
        for (int i = 1; i <= 20; i++)
        {
            pairs.AddTrigger(2, [Track(a), Track(b, i)]);
        }

        pairs.AddTrigger(1, [Track(a), Track(b, 18.5)]);
        pairs.AddTrigger(1, [Track(a), Track(b, 19.5)]);
        pairs.AddTrigger(0, []);
        EndcapPairMetrics metrics = pairs.Result();
        Assert.Equal((3, 2.0 / 3, 0.5), (metrics.Pairs, metrics.Measured, metrics.MassTails));
        Assert.Equal(0.95, metrics.TriggerEfficiency, 1e-12);
        Assert.Equal(1.0 / 3, metrics.TriggerRate, 1e-12);
    }

    private static EndcapTrack Track(TrackState state, double error = 1) => new(0, 0,
        new(SolveStatus.Converged, state, [.. new double[14], error * error * 1e-6], 10, 24), []);
}
