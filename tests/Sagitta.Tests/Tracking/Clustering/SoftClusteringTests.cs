namespace Sagitta.Tests.Tracking.Clustering;

public sealed class SoftClusteringTests
{
    private static readonly double[] Y = [1.0, 1.4, 30.2, -5.0, 7.0, 7.4, 7.8, 100.0];
    private static readonly double[] Charge = [10, 20, 7, 15, 4, 30, 12, 9];
    private static readonly double[] Pitch = [0.4, 0.4, 0.5];

    // Two events of three planes: three hits, none, one; four hits, none, none.
    private static Segments Planes => new([0, 3, 3, 4, 8, 8, 8]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_agree_with_differences(bool logits)
    {
        double[] scores = [0.9, 0.7, 0.05, 0.3, 0.2, 0.99, 0.5, 0.01];
        FiniteDifferences.Check(
            [scores],
            [(8, 1)],
            [logits ? 1e-3 : 1e-4],
            (tape, x) =>
            {
                Clusters clusters = logits
                    ? SoftClustering.ApplyToLogits(x[0], Y, Charge, Planes, Pitch, new())
                    : SoftClustering.Apply(x[0], Y, Charge, Planes, Pitch, new());
                return WeightedSum.Of([1, 10, 5, 2, 0.1], clusters.Centroid, clusters.Sigma, clusters.Presence, clusters.Intrinsic,
                    clusters.Width);
            });
    }

    [Fact]
    public void Centroid_is_the_weighted_mean_and_empty_planes_are_absent()
    {
        using Tape<double> tape = new();
        Clusters clusters = SoftClustering.Apply(tape.Constant([1, 1, 0, 0.5, 0, 0, 0, 0], 8, 1), Y, Charge, Planes, Pitch,
            new() { HalfPresence = 0.1 });
        Assert.Equal(((10 * 1.0) + (20 * 1.4)) / 30, clusters.Centroid.Values[0], 1e-14);
        Assert.Equal(-5, clusters.Centroid.Values[2]);
        Assert.Equal(2 / 2.1, clusters.Presence.Values[0], 1e-14);
        Assert.Equal(0, clusters.Presence.Values[1]);
        Assert.Equal(0.5 / 0.6, clusters.Presence.Values[2], 1e-14);
        Assert.Equal(0, clusters.Presence.Values[3]);
        Assert.All(clusters.Sigma.Values.ToArray(), sigma => Assert.True(sigma > 0 && double.IsFinite(sigma)));
    }

    [Fact]
    public void Foreign_weight_widens_the_error()
    {
        using Tape<double> tape = new();
        double clean = SoftClustering.Apply(tape.Constant([1, 1, 0, 1, 1, 1, 1, 1], 8, 1), Y, Charge, Planes, Pitch, new()).Sigma.Values[0];
        double foreign = SoftClustering.Apply(tape.Constant([1, 1, 0.2, 1, 1, 1, 1, 1], 8, 1), Y, Charge, Planes, Pitch,
            new()).Sigma.Values[0];
        Assert.InRange(clean, 0.04, 0.07);
        Assert.True(foreign > 5 * clean);
    }

    [Fact]
    public void Extreme_logits_stay_finite()
    {
        using Tape<double> tape = new();
        Tensor<double> logits = tape.Leaf([-2000, -2000, -1500, 2000, -40, 60, -700, -800], 8, 1);
        Clusters clusters = SoftClustering.ApplyToLogits(logits, Y, Charge, Planes, Pitch, new());
        tape.Backward(WeightedSum.Of([1, 1, 1, 1, 1], clusters.Centroid, clusters.Sigma, clusters.Presence, clusters.Intrinsic,
            clusters.Width));
        Assert.All(clusters.Centroid.Values.ToArray(), value => Assert.True(double.IsFinite(value)));
        Assert.All(clusters.Sigma.Values.ToArray(), value => Assert.True(double.IsFinite(value) && value > 0));
        Assert.All(logits.Gradient.ToArray(), value => Assert.True(double.IsFinite(value)));
        Assert.Equal(7.4, clusters.Centroid.Values[3], 1e-12);
    }
}
