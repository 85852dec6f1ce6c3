namespace Sagitta.Tests.Tracking.Metrics;

public sealed class PairedDifferenceTests
{
    [Fact]
    public void Interval_is_students()
    {
        // t(0.975, 4) = 2.7764; mean 3, variance of the mean 2.5 / 5.
        PairedDifference difference = PairedDifference.OverSeeds([1, 2, 3, 4, 5], 0);
        Assert.Equal(3, difference.Value, 1e-12);
        Assert.Equal(3 - (2.776445 * Math.Sqrt(0.5)), difference.Low, 1e-5);
        PairedDifference wider = PairedDifference.OverSeeds([1, 2, 3, 4, 5], 0.5);
        Assert.Equal(3 + (2.776445 * 1), wider.High, 1e-5);
        Assert.Equal(1.959964, PairedDifference.OverSeeds([0], 1).High, 1e-5);

        // Of two seeds t(0.975, 1) = 12.7062 and a variance of the mean of 2 / 2.
        Assert.Equal(2 + 12.7062, PairedDifference.OverSeeds([1, 3], 0).High, 1e-4);
        Assert.Equal(2 - 12.7062, PairedDifference.OverSeeds([1, 3], 0).Low, 1e-4);
        Assert.Equal(double.NaN, PairedDifference.OverSeeds([], 1).Value);
        Assert.Equal(double.NaN, PairedDifference.OverSeeds([1, double.NaN], 1).High);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0.5, 8.858e-5)]
    [InlineData(-1, 0.5, 8.858e-5)]
    public void Probability_of_a_difference_of_one_seed_is_a_Gaussian_one(double value, double half, double expected) =>
        Assert.Equal(expected, new PairedDifference(value, value - half, value + half).PValue(1), 1e-7);

    [Theory]
    [InlineData(1, 1.959964)]
    [InlineData(2, 12.7062)]
    public void Error_of_a_share_is_that_of_independent_muons(int seeds, double quantile)
    {
        // Differences 0, 1, 0 and 0, 1, 1 of three muons in two parts: means 0, 1 and 1/2, of variance (1/4 + 1/4) / (3 x 2) about 1/2.
        (byte[] A, byte[] B) pair = ([1, 1, 0, 1, 1, 1], [1, 0, 0, 1, 0, 0]);
        PairedDifference shares = PairedDifference.OfShares([.. Enumerable.Repeat(pair, seeds)], overlays: 2);
        Assert.Equal(0.5, shares.Value, 1e-15);
        Assert.Equal(0.5 + (quantile * Math.Sqrt(1.0 / 12)), shares.High, 1e-4);
        Assert.Equal(0.5 - (quantile * Math.Sqrt(1.0 / 12)), shares.Low, 1e-4);

        // One muon tells nothing of its variance.
        Assert.Equal(new PairedDifference(1, 1, 1), PairedDifference.OfShares([([1], [0])]));
    }

    [Fact]
    public void Bootstrap_variance_of_a_mean_is_the_sample_variance_over_n()
    {
        RandomDraws draws = RandomKey.FromSeed(2).Draws();
        double[] values = new double[400];
        foreach (ref double value in values.AsSpan())
        {
            value = draws.NextGaussian();
        }

        double variance = EventBootstrap.Variance(values.Length, 2000, RandomKey.FromSeed(3), indices =>
        {
            double mean = 0;
            foreach (int index in indices.Span)
            {
                mean += values[index] / values.Length;
            }

            return mean;
        });
        Assert.Equal(1.0 / 400, variance, 0.0005);
    }

    [Fact]
    public void Bootstrap_draws_as_many_events_as_there_are_and_leaves_out_what_has_no_value()
    {
        List<double> values = [];
        List<int[]> drawn = [];
        double Statistic(ReadOnlyMemory<int> chosen)
        {
            drawn.Add(chosen.ToArray());
            values.Add(drawn.Count % 3 == 0 ? double.NaN : 100 + chosen.Span[0]);
            return values[^1];
        }

        double variance = EventBootstrap.Variance(7, 20, RandomKey.FromSeed(3), Statistic);
        double[] finite = [.. values.Where(double.IsFinite)];
        Assert.Equal((20, 14), (values.Count, finite.Length));
        Assert.Equal(finite.Sum(value => (value - finite.Average()) * (value - finite.Average())) / 13, variance, 1e-12);
        Assert.All(drawn, chosen => Assert.Equal(7, chosen.Length));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], drawn.SelectMany(chosen => chosen).Distinct().Order());
        Assert.Equal(20, drawn.Select(chosen => string.Join(' ', chosen)).Distinct().Count());
        int calls = 0;
        Assert.Equal(0.5, EventBootstrap.Variance(3, 2, RandomKey.FromSeed(3), _ => ++calls), 1e-15);
        Assert.Equal(double.NaN, EventBootstrap.Variance(3, 1, RandomKey.FromSeed(3), _ => 1));
        Assert.Equal(double.NaN, EventBootstrap.Variance(3, 5, RandomKey.FromSeed(3), _ => double.PositiveInfinity));
    }

    [Fact]
    public void Shares_are_of_the_same_events_and_of_whole_parts()
    {
        PairedDifference same = PairedDifference.OfShares([([1, 1, 0, 1], [1, 0, 0, 1])], overlays: 2);
        Assert.Equal(0.25, same.Value, 1e-15);
        Assert.True(double.IsNaN(PairedDifference.OfShares([]).Value));
        Assert.Throws<ArgumentException>(() => PairedDifference.OfShares([([1, 1, 0], [1, 0, 0])], overlays: 2));
        Assert.Throws<ArgumentException>(() => PairedDifference.OfShares([([1, 1], [1])]));
    }
}
