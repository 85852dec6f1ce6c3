using Sagitta.Autodiff.Randomness;
using Sagitta.Experiments.Validation;

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
}
