using System.Diagnostics;

namespace Sagitta.Tests.Experiments.Benchmarks;

[Collection(nameof(AloneInTheProcess))]
public sealed class FitBenchmarkTests
{
    [Fact]
    [Trait("speed", "slow")]
    public void Every_track_converges_and_rates_are_those_of_the_clock()
    {
        using FitBenchmark benchmark = new(DetectorFile.Load("toy16"));
        Assert.Equal(512, benchmark.Forward());

        // The rate of a batch timed here, which also counts its copies onto the tape, and the rate given: one clock, one count of tracks.
        // Other programs may slow one of them, so the best of each is compared.
        for (int i = 0; i < 200; i++)
        {
            benchmark.Forward();
        }

        double best = Enumerable.Range(0, 50).Max(_ =>
        {
            long start = Stopwatch.GetTimestamp();
            benchmark.Forward();
            return 512 / Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
        double rate = Enumerable.Range(0, 5).Max(_ => benchmark.Rate(40, backward: false, covariance: false));
        Assert.InRange(rate / best, 0.5, 3);

        // The fit with full covariance holds more arithmetic than the one without; a gradient is one step, a fit several.
        double covariance = Enumerable.Range(0, 5).Max(_ => benchmark.Rate(40, backward: false, covariance: true));
        double backward = Enumerable.Range(0, 5).Max(_ => benchmark.Rate(40, backward: true, covariance: false));
        Assert.InRange(covariance / rate, 0.02, 1);
        Assert.InRange(backward / rate, 0.3, 10);
    }

    [Fact]
    public void The_peak_of_a_core_counts_the_multiply_adds_that_it_does()
    {
        // The kernel's own result says how many rounds it ran: a -> a / 2 + 1/4 stays at 1/2 in each of its chains.
        float sum = 0;
        unsafe
        {
            VectorDispatch.Run<MultiplyAddPeak, float>(new(1000, &sum));
        }

        Assert.Equal(0.5f * MultiplyAddPeak.Chains * VectorDispatch.Bits / 32, sum);

        // Two units of that many lanes at no more than 6 GHz; at least a slow emulation.
        Assert.InRange(MachinePeaks.MeasureGigaflops(0.05), 0.5, 6 * 2 * 2 * VectorDispatch.Bits / 32.0);

        // A product of 512 x 64 with 64 x 64 is 2 x 512 x 64 x 64 operations.
        KernelMeasurement product = KernelBenchmark.Products(new(VectorDispatch.Bits, 100, 10), 512, 64, 64)[0];
        Assert.Equal(2.0 * 512 * 64 * 64, product.Operations);
        Assert.Equal(product.Operations / 100e9, product.LeastSeconds, 1e-12);
        Assert.Equal(product.Operations / product.Time.Fastest / 1e9, product.Gigaflops, 1e-9);
    }

    [Fact]
    public void A_time_is_that_of_one_call()
    {
        Timing long20 = Timing.Of(() => Thread.Sleep(20), 0.1);
        Assert.InRange(long20.Fastest, 0.019, 0.2);
        Assert.True(long20.Fastest <= long20.Median && long20.Median <= long20.Percentile99);
        int calls = 0;
        Timing shortest = Timing.Of(() => calls++, 0.01);
        Assert.InRange(shortest.Median * calls, 1e-6, 10);
        Assert.True(shortest.Fastest < 1e-5);
    }
}
