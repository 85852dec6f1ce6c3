using System.Text.Json.Nodes;

namespace Sagitta.Tests.Experiments.Benchmarks;

[Collection(nameof(AloneInTheProcess))]
public sealed class BenchmarkSuiteTests
{
    [Fact]
    public void A_system_of_ones_own_is_measured_before_the_engine()
    {
        BenchmarkSuite suite = new([(threads, seconds) => new Telescope(threads, seconds)], 3, 0.002);
        BenchmarkReport report = suite.Run(SilentProgress.Instance, CancellationToken.None);
        Assert.Equal(["telescope.fit", "telescope.seconds", "assignment.dense100"], report.Figures.Take(3).Select(f => f.Name));
        JsonNode json = JsonNode.Parse(report.ToJson())!;
        Assert.Equal(6, (double)json["telescopeEvent"]!["hits"]!);
        Assert.Equal(3, (double)json["results"]!["telescope.fit"]!["value"]!);
        Assert.Equal(0.002, (double)json["results"]!["telescope.seconds"]!["value"]!);
        Assert.Contains("telescope events: 6 hits on average", report.Table(), StringComparison.Ordinal);

        // No kernel is faster than the peak that it is held against, but for a disturbed measurement of the peak.
        Assert.InRange((double)json["results"]!["matmul.gflops"]!["value"]!, 0.01 * report.Peaks.Gigaflops, 1.3 * report.Peaks.Gigaflops);
        double forward = (double)json["results"]!["attention.forward"]!["value"]!;
        double backward = (double)json["results"]!["attention.backward"]!["value"]!;
        Assert.Equal(forward + backward, (double)json["results"]!["attention.both"]!["value"]!, 1e-3 * (forward + backward));
    }

    private sealed class Telescope(int threads, double seconds) : BenchmarkGroup
    {
        public override IReadOnlyList<EventSizes> Sizes => [new("telescope", [("hits", 6)])];

        public override IEnumerable<IReadOnlyList<BenchmarkFigure>> Run(double each)
        {
            Assert.Equal(seconds, each);
            yield return [new("telescope.fit", threads, "tracks/s")];
            yield return [new("telescope.seconds", each, "s")];
        }

        public override void Dispose()
        {
        }
    }
}
