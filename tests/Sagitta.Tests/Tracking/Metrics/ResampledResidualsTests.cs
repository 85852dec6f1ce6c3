namespace Sagitta.Tests.Tracking.Metrics;

public sealed class ResampledResidualsTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(40, 0)]
    [InlineData(13, 4)]
    [InlineData(41, 5)]
    [InlineData(30, 20)]
    public void Statistics_are_those_of_the_drawn_sample(int events, int failures)
    {
        RandomDraws draws = RandomKey.FromSeed(5).Split((ulong)events).Draws();
        double[] values = new double[events];
        for (int e = 0; e < events; e++)
        {
            values[e] = e < failures ? double.NaN : Math.Round(draws.NextUniform(-6, 6), 1);
        }

        ResampledResiduals resampled = new(values);
        for (int replica = 0; replica < 20; replica++)
        {
            int[] times = new int[events];
            List<double> drawn = [];
            for (int i = 0; i < events; i++)
            {
                int e = draws.NextIndex(events);
                times[e]++;
                drawn.Add(values[e]);
            }

            ResidualSample expected = new([.. drawn]);
            Assert.Equal(expected.CoreWidth, resampled.CoreWidth(times));
            Assert.Equal(expected.TailFraction(5), resampled.TailFraction(5, times), 1e-15);
        }
    }
}
