namespace Sagitta.Tests.Tracking.Metrics;

public sealed class HolmCorrectionTests
{
    [Fact]
    public void Corrected_probabilities_are_those_of_a_computation_by_hand()
    {
        // In order 0.005 x 4, 0.01 x 3, 0.03 x 2, 0.04 x 1, which may not fall below the one before it.
        Assert.Equal([0.03, 0.06, 0.06, 0.02], HolmCorrection.Corrected([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 12)));
        Assert.Equal([1, 1], HolmCorrection.Corrected([0.6, 0.9]));
        Assert.Equal([0.04], HolmCorrection.Corrected([0.04]));
    }

    [Fact]
    public void A_test_without_an_answer_counts_as_a_test_and_stays_without_one()
    {
        double[] corrected = HolmCorrection.Corrected([double.NaN, 0.02]);
        Assert.Equal(double.NaN, corrected[0]);
        Assert.Equal(0.04, corrected[1], 1e-12);
        Assert.Empty(HolmCorrection.Corrected([]));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1)]
    public void The_probability_of_a_difference_belongs_to_its_interval(int seeds)
    {
        double[] differences = [.. Enumerable.Range(0, seeds).Select(i => 0.01 * (i - 2))];
        PairedDifference about = PairedDifference.OverSeeds(differences, 1e-4);
        double half = about.High - about.Value;
        Assert.Equal(0.05, new PairedDifference(half, 0, 2 * half).PValue(seeds), 1e-9);
        Assert.Equal(1, new PairedDifference(0, -half, half).PValue(seeds));

        // Twice the 97.5 % quantile: Student's t of four degrees of freedom beyond 5.5529, a Gaussian beyond 3.91993.
        Assert.Equal(seeds == 5 ? 0.00515 : 8.858e-5, new PairedDifference(-2 * half, -3 * half, -half).PValue(seeds), seeds == 5 ? 2e-5
            : 1e-7);
        Assert.Equal(double.NaN, new PairedDifference(double.NaN, double.NaN, double.NaN).PValue(seeds));
    }
}
