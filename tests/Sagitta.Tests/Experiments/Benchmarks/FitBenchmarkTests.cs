namespace Sagitta.Tests.Experiments.Benchmarks;

public sealed class FitBenchmarkTests
{
    [Fact]
    public void Every_track_converges_and_rates_are_positive()
    {
        using FitBenchmark benchmark = new(DetectorFile.Load("toy16"));
        Assert.Equal(512, benchmark.Forward());
        Assert.True(benchmark.ForwardRate(4) > 0);
        Assert.True(benchmark.BackwardRate(4) > 0);
    }
}
