using System.Text.Json.Nodes;

namespace Sagitta.Tests.Cli;

public sealed class BenchVerbTests
{
    /// <summary>
    /// Only where nothing else runs: another program may slow one measurement and not the one that it is compared with, and then these
    /// bounds say nothing of the benchmark.
    /// </summary>
    [Fact]
    [Trait("speed", "slow")]
    public async Task Clocks_agree_with_each_other_on_an_idle_machine()
    {
        JsonNode results = (await Quick())["results"]!;
        foreach ((string name, double least, double most) in ((string, double, double)[])
        [
            ("muon.train", 10, 1e6), ("muon.train.factorised", 10, 1e6), ("muon.train.oneThread", 10, 1e6), ("muon.reconstruct", 20, 2e6),
            ("muon.simulate", 50, 5e6), ("muon.latency.median", 10, 1e5), ("muon.latency.p99", 10, 1e7), ("fit.forward", 1e4, 1e8),
            ("fit.backward", 1e4, 3e8), ("fit.covariance", 1e4, 1e8), ("calorimeter.train.frame100", 0.5, 1e4),
            ("calorimeter.reconstruct.frame100", 0.2, 5e3), ("assignment.dense100", 1, 1e4), ("assignment.dense200", 4, 4e4),
            ("attention.both", 0.5, 1000), ("matmul.gflops", 1, 400), ("peak.gflops", 2, 400), ("peak.gigabytes", 0.1, 400),
        ])
        {
            Assert.InRange(Value(results, name), least, most);
        }

        // No product is faster than multiply-adds in registers.
        Assert.InRange(Value(results, "matmul.gflops"), 1, 1.3 * Value(results, "peak.gflops"));

        // Twice as large a problem has four times the numbers to read; a training step holds a reconstruction of its frame.
        Assert.InRange(Best(results, "assignment.dense200") / Best(results, "assignment.dense100"), 1.5, 40);
        Assert.True(Best(results, "calorimeter.train.frame100") > Best(results, "calorimeter.reconstruct.frame100"));

        // An event alone takes a core the time of one in a batch, within what batches and second threads are worth.
        Assert.InRange(Best(results, "muon.reconstruct") * Value(results, "muon.latency.median") * 1e-6, 0.02, 10);
    }

    [Fact]
    public async Task Quick_form_gives_every_figure_that_scripts_read()
    {
        JsonNode report = await Quick();
        Assert.True((int)report["machine"]!["vectorBits"]! >= 128);
        Assert.InRange((double)report["muonEvent"]!["hits"]!, 170, 300);
        Assert.InRange((double)report["muonEvent"]!["edges"]!, 1150, 3000);
        JsonNode results = report["results"]!;

        // A clock on a busy machine may show anything above zero.
        foreach ((string name, string unit) in ((string, string)[])
        [
            ("muon.train", "events/s"), ("muon.train.factorised", "events/s"), ("muon.train.oneThread", "events/s"),
            ("muon.reconstruct", "events/s"), ("muon.simulate", "events/s"), ("muon.latency.median", "us"), ("muon.latency.p99", "us"),
            ("fit.forward", "tracks/s"), ("fit.backward", "tracks/s"), ("fit.covariance", "tracks/s"),
            ("calorimeter.train.frame100", "ms"), ("calorimeter.reconstruct.frame100", "ms"), ("assignment.dense100", "us"),
            ("assignment.dense200", "us"), ("attention.both", "ns/edge"), ("matmul.gflops", "GFLOP/s"), ("peak.gflops", "GFLOP/s"),
            ("peak.gigabytes", "GB/s"),
        ])
        {
            JsonNode figure = results[name]!;
            Assert.Equal(unit, (string)figure["unit"]!);
            Assert.True(Value(results, name) > 0 && double.IsFinite(Value(results, name)), name);
            if (figure["best"] is { } best)
            {
                // Rates are at their best when largest, times when shortest; both are rounded.
                bool time = unit is "us" or "ms" or "ns/edge";
                double value = Value(results, name);
                Assert.True(time ? (double)best <= 1.01 * value : (double)best >= 0.99 * value, $"{name}: best {best}");
            }
        }

        Assert.Equal((double)report["machine"]!["peakGigaflops"]!, Value(results, "peak.gflops"), 1e-6 * Value(results, "peak.gflops"));

        // Each chain beside the least time that its counted work takes.
        foreach (string chain in (string[])["muon.train", "muon.reconstruct", "muon.latency.median", "calorimeter.train.frame100",
            "calorimeter.reconstruct.frame100"])
        {
            JsonNode limit = results[chain]!["limit"]!;
            double least = limit["microseconds"]!.AsObject().Sum(part => (double)part.Value!);
            double core = chain.StartsWith("muon.l", StringComparison.Ordinal) ? Value(results, chain)
                : chain.StartsWith('m') ? 2e6 / Value(results, chain) : 2e3 * Value(results, chain);
            Assert.Equal(core / least, (double)limit["factor"]!, 0.02 * core / least);
        }

        // The slowest of a hundred events is not faster than the middle; both passes are the passes; a rate is its ratio's.
        Assert.True(Value(results, "muon.latency.p99") >= Value(results, "muon.latency.median"));
        Assert.Equal(Value(results, "attention.forward") + Value(results, "attention.backward"), Value(results, "attention.both"),
            0.01 * Value(results, "attention.both"));
        Assert.Equal(Value(results, "muon.train") / Value(results, "muon.train.oneThread"), Value(results, "muon.train.scaling"),
            0.02 * Value(results, "muon.train.scaling"));
        Assert.Equal(Value(results, "muon.train.factorised") / Value(results, "muon.train"),
            Value(results, "muon.train.factorisedRatio"), 0.02 * Value(results, "muon.train.factorisedRatio"));
    }

    private static double Value(JsonNode results, string name) => (double)results[name]!["value"]!;

    private static double Best(JsonNode results, string name) => (double)results[name]!["best"]!;

    private static async Task<JsonNode> Quick()
    {
        using StringWriter output = new(), error = new();
        int code = await SagittaCommand.RunAsync(["bench", "--quick", "--threads", "2", "--json", "-"], output, error);
        Assert.True(code == 0, error.ToString());
        return JsonNode.Parse(output.ToString())!;
    }
}
