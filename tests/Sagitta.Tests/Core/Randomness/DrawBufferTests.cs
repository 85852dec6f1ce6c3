using System.Runtime.Intrinsics;

namespace Sagitta.Tests.Core.Randomness;

public sealed class DrawBufferTests
{
    private const int Count = 200_000;

    [Fact]
    public void Draws_have_the_moments_of_their_laws()
    {
        var draws = new DrawBuffer(erlangShape: 3);
        draws.Restart(RandomKey.FromSeed(1));
        (double[] uniform, double[] gaussian, double[] exponential, double[] erlang) = (
            new double[Count], new double[Count], new double[Count], new double[Count]);
        for (int i = 0; i < Count; i++)
        {
            uniform[i] = draws.NextUniform();
            gaussian[i] = draws.NextGaussian();
            exponential[i] = draws.NextExponential();
            erlang[i] = draws.NextErlang();
        }

        Assert.All(uniform, u => Assert.True(u is > 0 and < 1));
        AssertMoments(uniform, 0.5, 1.0 / 12, 0);
        AssertMoments(gaussian, 0, 1, 0);
        AssertMoments(exponential, 1, 1, 2);
        AssertMoments(erlang, 1, 1.0 / 3, 2 / Math.Sqrt(3));
    }

    [Fact]
    public void Tails_of_the_normal_law_are_there()
    {
        var draws = new DrawBuffer();
        draws.Restart(RandomKey.FromSeed(2));
        int beyond3 = 0;
        for (int i = 0; i < Count; i++)
        {
            beyond3 += Math.Abs(draws.NextGaussian()) > 3 ? 1 : 0;
        }

        Assert.Equal(0.0026998, (double)beyond3 / Count, 5 * Math.Sqrt(0.0027 / Count));
    }

    [Fact]
    public void A_key_names_its_draws_and_kinds_do_not_disturb_each_other()
    {
        var first = new DrawBuffer();
        var second = new DrawBuffer();
        first.Restart(new(42));
        second.Restart(new(17));
        _ = second.NextGaussian();
        second.Restart(new(42));
        for (int i = 0; i < 300; i++)
        {
            _ = second.NextUniform();
            _ = second.NextExponential();
        }

        for (int i = 0; i < 300; i++)
        {
            Assert.Equal(first.NextGaussian(), second.NextGaussian());
        }
    }

    [Fact]
    public void Runs_of_draws_are_the_draws_one_by_one()
    {
        var first = new DrawBuffer();
        var second = new DrawBuffer();
        first.Restart(new(3));
        second.Restart(new(3));
        for (int round = 0; round < 8; round++)
        {
            foreach (float expected in first.Gaussians(16))
            {
                Assert.Equal(expected, second.NextGaussian());
            }
        }
    }

    [Fact]
    public void Logarithm_and_circle_functions_agree_with_the_scalar_ones()
    {
        for (int i = 0; i < 4096; i++)
        {
            float x = (i + 0.5f) / 4096;
            float small = x * x * x * x;
            (Vector256<float> _, Vector256<float> logarithm, Vector256<float> _, Vector256<float> last) =
                VectorDraws.Logarithms(Vector256.Create(1f), Vector256.Create(small), Vector256.Create(0.5f), Vector256.Create(x));
            Assert.Equal(Math.Log(small), logarithm[i % 8], 3e-7 * Math.Max(1, -Math.Log(small)));
            Assert.Equal(Math.Log(x), last[i % 8], 3e-7 * Math.Max(1, -Math.Log(x)));
            (Vector256<float> sine, Vector256<float> cosine) = VectorDraws.SineCosineOfTurn(Vector256.Create(x));
            Assert.Equal(Math.Sin(2 * Math.PI * x), sine[3], 4e-7);
            Assert.Equal(Math.Cos(2 * Math.PI * x), cosine[3], 4e-7);
        }
    }

    private static void AssertMoments(double[] values, double mean, double variance, double skewness)
    {
        double m = values.Average();
        double v = values.Sum(x => (x - m) * (x - m)) / values.Length;
        double s = values.Sum(x => Math.Pow(x - m, 3)) / values.Length / Math.Pow(v, 1.5);
        Assert.Equal(mean, m, 5 * Math.Sqrt(variance / Count));
        Assert.Equal(variance, v, 0.02 * variance);
        Assert.Equal(skewness, s, 0.08);
    }
}
