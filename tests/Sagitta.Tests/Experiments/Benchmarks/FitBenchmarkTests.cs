namespace Sagitta.Tests.Experiments.Benchmarks;

public sealed class FitBenchmarkTests
{
    [Fact]
    public void Every_track_converges()
    {
        using FitBenchmark benchmark = new(DetectorFile.Load("toy16"));
        Assert.Equal(512, benchmark.Forward());
    }

    [Fact]
    public void A_time_is_that_of_one_call()
    {
        Timing long20 = Timing.Of(() => Thread.Sleep(20), 0.1);
        Assert.InRange(long20.Fastest, 0.019, 0.2);
        Assert.True(long20.Fastest <= long20.Median && long20.Median <= long20.Percentile99);
        int calls = 0;
        Timing shortest = Timing.Of(() => calls++, 0.01);
        Assert.InRange(shortest.Fastest * calls, 1e-6, 10);
        Assert.True(shortest.Fastest < 1e-5);
    }
}
