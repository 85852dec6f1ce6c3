namespace Sagitta.Tests.Experiments.Validation;

public sealed class DistributionTests
{
    [Fact]
    public void Quantiles_and_fractions_are_those_of_the_sample()
    {
        var values = new Distribution([4.0, 1, 3, 2, 5]);
        Assert.Equal(3, values.Quantile(0.5));
        Assert.Equal(1.4, values.Quantile(0.1), 1e-12);
        Assert.Equal(0.4, values.FractionBeyond(3, 1.5));
        Assert.Equal([0.4, 0.6], values.Fractions([0.5, 2.5, 5.5]));
        Assert.Equal(7, new Distribution([7.0]).Quantile(0.99));
        Assert.Throws<ArgumentException>(() => new Distribution([]));
    }

    [Fact]
    public void Distance_of_Kolmogorov_and_Smirnov_takes_ties_together()
    {
        var a = new Distribution([1.0, 1, 2, 2]);
        Assert.Equal(0, Distribution.KolmogorovSmirnov(a, a));
        Assert.Equal(0.25, Distribution.KolmogorovSmirnov(a, new Distribution([1.0, 2, 2, 2])), 1e-12);
        Assert.Equal(1, Distribution.KolmogorovSmirnov(a, new Distribution([3.0])), 1e-12);
    }

    [Fact]
    public void Mode_and_quantile_errors_agree_with_the_law()
    {
        RandomDraws draws = RandomKey.FromSeed(3).Draws();
        var values = new double[50_000];
        for (int i = 0; i < values.Length; i++)
        {
            // Gamma of shape 3: its mode is 2.
            values[i] = draws.NextExponential() + draws.NextExponential() + draws.NextExponential();
        }

        var sample = new Distribution(values);
        Assert.Equal(2, sample.Mode(), 0.12);

        // Density at the median 2.674 is 0.2466.
        Assert.Equal(0.5 / 0.2466 / Math.Sqrt(values.Length), sample.QuantileError(0.5), 0.003);
    }

    [Fact]
    public void Errors_are_those_of_drawing_whole_events()
    {
        // Events of four equal values: as many independent values as events.
        const int Events = 4000;
        RandomDraws draws = RandomKey.FromSeed(4).Draws();
        var one = new List<double>();
        var four = new List<double>();
        var events = new List<int>();
        for (int e = 0; e < Events; e++)
        {
            double value = draws.NextGaussian();
            one.Add(value);
            for (int i = 0; i < 4; i++)
            {
                four.Add(value);
                events.Add(e);
            }
        }

        var alone = new Distribution(one);
        var together = new Distribution(four, events);
        var untold = new Distribution(four);
        Assert.Equal(alone.QuantileError(0.9), together.QuantileError(0.9), 0.05 * alone.QuantileError(0.9));
        Assert.Equal(alone.SpanError(0.16, 0.84), together.SpanError(0.16, 0.84), 0.05 * alone.SpanError(0.16, 0.84));
        Assert.Equal(0.5 / Math.Sqrt(Events), together.CumulativeError(0.5), 1e-5);
        Assert.Equal(2, together.CumulativeError(0.9) / untold.CumulativeError(0.9), 0.01);
        Assert.InRange(together.ModeError(new(1)) / untold.ModeError(new(1)), 1.3, 3);

        Assert.Throws<ArgumentException>(() => new Distribution(one, events));
    }

    [Fact]
    public void Error_of_a_span_counts_the_correlation_of_its_ends()
    {
        RandomDraws draws = RandomKey.FromSeed(5).Draws();
        var values = new double[100_000];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = draws.NextGaussian();
        }

        // Half of it is 0.964 widths over the root of the number for a Gaussian; the densities at both ends come from some 230 values each.
        double expected = 2 * 0.964 / Math.Sqrt(values.Length);
        Assert.Equal(expected, new Distribution(values).SpanError(0.16, 0.84), 0.15 * expected);
    }

    [Fact]
    public void Fractions_of_trials_have_the_error_of_whole_events()
    {
        var alone = new EventFraction();
        var together = new EventFraction();
        for (int e = 0; e < 1000; e++)
        {
            alone.Add(e % 5 == 0 ? 1 : 0, 1);
            together.Add(e % 5 == 0 ? 16 : 0, 16);
        }

        Assert.Equal(0.2, together.Value, 1e-12);
        Assert.Equal(Math.Sqrt(0.2 * 0.8 / 1000), alone.Error, 1e-9);
        Assert.Equal(alone.Error, together.Error, 1e-9);
        var none = new EventFraction();
        none.Add(0, 10);
        Assert.Equal((0, 0.1, 0.1), (none.Value, none.AtLeastOne, none.Error));
    }
}
