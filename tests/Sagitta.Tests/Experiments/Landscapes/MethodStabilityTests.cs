namespace Sagitta.Tests.Experiments.Landscapes;

public sealed class MethodStabilityTests
{
    // The mean over pairs of a sum of one number each is twice their mean, whose standard error is known.
    [Fact]
    public void Sums_of_independent_numbers_have_the_error_of_their_mean()
    {
        double[] values = [1, 4, 2, 8, 5];
        List<double> pairs = [];
        for (int a = 0; a < values.Length; a++)
        {
            for (int b = a + 1; b < values.Length; b++)
            {
                pairs.Add(values[a] + values[b]);
            }
        }

        double mean = values.Average();
        double expected = 2 * Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / 4 / 5);
        Assert.Equal(expected, MethodStability.PairJackknife(5, pairs), 1e-12);
        Assert.Equal(double.NaN, MethodStability.PairJackknife(2, [1]));
    }
}
