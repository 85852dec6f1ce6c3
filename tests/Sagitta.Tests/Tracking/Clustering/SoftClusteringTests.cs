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
    public void Errors_are_those_of_a_computation_by_hand()
    {
        // Shares 1/3 and 2/3 at 1 and 1.4 mm: width 16/450, concentration 5/9.
        using Tape<double> tape = new();
        Clusters clusters = SoftClustering.Apply(tape.Constant([1, 1, 0, 0.5, 0, 0, 0, 0], 8, 1), Y, Charge, Planes, Pitch, new());
        double width = 16.0 / 450;
        double intrinsic = 0.16 * (0.0026 + (0.0431 * Math.Pow(5.0 / 9, 4)));
        Assert.Equal(width, clusters.Width.Values[0], 1e-14);
        Assert.Equal(intrinsic, clusters.Intrinsic.Values[0], 1e-14);
        Assert.Equal(Math.Sqrt(intrinsic + (0.256 * width * width / (width + (0.16 * 1.58)))), clusters.Sigma.Values[0], 1e-14);

        // One strip of weight 1/2 at its centroid: no width, no foreign variance. A plane without hits: a single strip's error.
        Assert.Equal(0.25 * (0.0026 + 0.0431), clusters.Intrinsic.Values[2], 1e-14);
        Assert.Equal(0.4 * Math.Sqrt(0.0026 + 0.0431), clusters.Sigma.Values[1], 1e-14);

        // Weights that vanish: the mean of 7, 7.4, 7.8 and 100 without weights.
        Assert.Equal(30.55, clusters.Centroid.Values[3], 1e-12);
        Assert.Equal((0.0, 0.0), (clusters.Width.Values[3], clusters.Centroid.Values[1]));

        // Two strips of weights 1 and 1/2, charges 10 and 20: shares a half each, and a quarter of 0.2^2 is uncertain by a half.
        Clusters uncertain = SoftClustering.Apply(tape.Constant([1, 0.5], 2, 1), [1.0, 1.4], [10, 20], new([0, 2]), [0.4],
            new() { Resolution = new() { Constant = 0, SingleStrip = 0, Foreign = 3 } });
        Assert.Equal(3 * 0.5 * 0.5 * (20 / 20.0) * 0.04, uncertain.Intrinsic.Values[0], 1e-14);
    }

    [Fact]
    public void Error_on_a_track_is_that_of_a_computation_by_hand()
    {
        // T = 36 x 0.04 / 12, T + D p^2 = 0.208, half of which the cluster is wide.
        double lost = 0.82 / (1 + (1.895 * 1.895));
        double excess = 0.5 * (Math.Sqrt((0.104 * 0.104) + (0.03125 * 0.03125)) - 0.104);
        double error = new ClusterResolution().WithTrack(0.5, 6, 0.2, 0.104, out _, out _);
        Assert.Equal((0.12 * (0.0287 + lost)) + (0.171 * excess), error, 1e-14);
    }

    [Theory]
    [InlineData(0, 0.02)]
    [InlineData(0.05, 0.02)]
    [InlineData(-0.2, 0.1)]
    [InlineData(0.3, 0.4)]
    [InlineData(-0.6, 3)]
    public void Derivatives_of_the_errors_agree_with_differences(double tangent, double width)
    {
        ClusterResolution model = new();
        model.WithTrack(0.5, 6, tangent, width, out double byTangent, out double byWidth);
        AssertDerivative(t => model.WithTrack(0.5, 6, tangent + t, width, out _, out _), 0.02, byTangent);
        AssertDerivative(w => model.WithTrack(0.5, 6, tangent, width + w, out _, out _), 0.008, byWidth);
        model.WithoutTrack(0.5, width, out byWidth);
        AssertDerivative(w => model.WithoutTrack(0.5, width + w, out _), 0.008, byWidth);
    }

    [Fact]
    public void Scores_and_groups_must_fit_together()
    {
        using Tape<double> tape = new();
        Tensor<double> weights = tape.Constant(new double[8], 8, 1);
        Assert.Throws<ArgumentException>(() => SoftClustering.Apply(tape.Constant(new double[8], 4, 2), Y, Charge, Planes, Pitch, new()));
        Assert.Throws<ArgumentException>(() => SoftClustering.Apply(weights, Y.AsSpan(1), Charge, Planes, Pitch, new()));
        Assert.Throws<ArgumentException>(() => SoftClustering.Apply(weights, Y, Charge.AsSpan(1), Planes, Pitch, new()));
        Assert.Throws<ArgumentException>(() => SoftClustering.Apply(weights, Y, Charge, new([0, 3, 7]), Pitch.AsSpan(1), new()));
        Assert.Throws<ArgumentException>(() => SoftClustering.Apply(weights, Y, Charge, new([0, 3, 8]), Pitch, new()));
        Assert.Throws<ArgumentException>(() => SoftClustering.Apply(weights, Y, Charge, Planes, [], new()));
    }

    [Fact]
    public void Groups_are_the_planes_of_the_chosen_events_and_hits_must_be_ordered_by_plane()
    {
        HitSet hits = HandmadeEvent.Of([(0, 1), (2, 3), (2, 4)], _ => false).Events.Hits;
        Segments groups = new([0, 5]);
        PlaneGroups.Set(groups, hits, [0, 0]);
        int planes = hits.Detector.Planes.Count;
        Assert.Equal(2 * planes, groups.Count);
        Assert.Equal([0, 1, 1, 3, 3], groups.Offsets[..5].ToArray());
        Assert.Equal([3, 4, 4, 6], groups.Offsets[planes..(planes + 4)].ToArray());
        Assert.Throws<ArgumentException>(() => PlaneGroups.Append(groups, hits with { Plane = [2, 0, 2] }, 0));
        Assert.Throws<ArgumentException>(() => PlaneGroups.Append(groups, hits with { Plane = [0, 2, (byte)planes] }, 0));
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

    private static void AssertDerivative(Func<double, double> function, double step, double actual)
    {
        double expected = FiniteDifferences.Derivative(function, step, out _);
        Assert.Equal(expected, actual, Math.Max(1e-7 * Math.Abs(expected), 1e-10));
    }
}
