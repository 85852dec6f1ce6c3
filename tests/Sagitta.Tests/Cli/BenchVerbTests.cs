using System.Text.Json.Nodes;

namespace Sagitta.Tests.Cli;

public sealed class BenchVerbTests
{
    /// <summary>Only where nothing else runs: another program may slow the measurement of the peak and not that of products.</summary>
    [Fact]
    [Trait("speed", "slow")]
    public async Task No_product_is_faster_than_multiply_adds_in_registers()
    {
        JsonNode results = (await Quick())["results"]!;
        Assert.InRange((double)results["matmul.gflops"]!["value"]!, 1, 1.3 * (double)results["peak.gflops"]!["value"]!);
    }

    [Fact]
    public async Task Quick_form_gives_every_figure_that_scripts_read()
    {
        JsonNode report = await Quick();
        Assert.True((int)report["machine"]!["vectorBits"]! >= 128);
        Assert.InRange((double)report["muonEvent"]!["hits"]!, 170, 300);
        Assert.InRange((double)report["muonEvent"]!["edges"]!, 2300, 6000);
        JsonNode results = report["results"]!;

        // Between a slow machine that is busy with other things and what no machine does.
        foreach ((string name, string unit, double least, double most) in ((string, string, double, double)[])
        [
            ("muon.train", "events/s", 10, 1e6), ("muon.train.factorised", "events/s", 10, 1e6),
            ("muon.train.oneThread", "events/s", 10, 1e6), ("muon.reconstruct", "events/s", 20, 2e6),
            ("muon.simulate", "events/s", 50, 5e6), ("muon.latency.median", "us", 10, 1e5), ("muon.latency.p99", "us", 10, 1e7),
            ("fit.forward", "tracks/s", 1e4, 1e8), ("fit.backward", "tracks/s", 1e4, 3e8), ("fit.covariance", "tracks/s", 1e4, 1e8),
            ("calorimeter.train.frame100", "ms", 0.5, 1e4), ("calorimeter.reconstruct.frame100", "ms", 0.2, 5e3),
            ("assignment.dense100", "us", 1, 1e4), ("assignment.dense200", "us", 4, 4e4), ("attention.both", "ns/edge", 0.5, 1000),
            ("matmul.gflops", "GFLOP/s", 1, 400), ("peak.gflops", "GFLOP/s", 2, 400), ("peak.gigabytes", "GB/s", 0.1, 400),
        ])
        {
            JsonNode figure = results[name]!;
            Assert.Equal(unit, (string)figure["unit"]!);
            Assert.InRange(Value(name), least, most);
            if (figure["best"] is { } best)
            {
                // Rates are at their best when largest, times when shortest; both are rounded.
                bool time = unit is "us" or "ms" or "ns/edge";
                Assert.True(time ? (double)best <= 1.01 * Value(name) : (double)best >= 0.99 * Value(name), $"{name}: best {best}");
            }
        }

        Assert.Equal((double)report["machine"]!["peakGigaflops"]!, Value("peak.gflops"), 1e-6 * Value("peak.gflops"));

        // Twice as large a problem has four times the numbers to read, and the slowest of a hundred events is not faster than the middle.
        Assert.InRange(Best("assignment.dense200") / Best("assignment.dense100"), 1.5, 40);
        Assert.True(Value("muon.latency.p99") >= Value("muon.latency.median"));

        // An attention's both passes are its passes; a training step holds a reconstruction of its frame; a rate is its ratio's.
        Assert.Equal(Value("attention.forward") + Value("attention.backward"), Value("attention.both"), 0.01 * Value("attention.both"));
        Assert.True(Best("calorimeter.train.frame100") > Best("calorimeter.reconstruct.frame100"));
        Assert.Equal(Value("muon.train") / Value("muon.train.oneThread"), Value("muon.train.scaling"), 0.02 * Value("muon.train.scaling"));
        Assert.Equal(Value("muon.train.factorised") / Value("muon.train"), Value("muon.train.factorisedRatio"),
            0.02 * Value("muon.train.factorisedRatio"));

        // An event alone takes a core the time of one in a batch, within what batches and second threads are worth.
        Assert.InRange(Best("muon.reconstruct") * Value("muon.latency.median") * 1e-6, 0.02, 10);

        double Value(string name) => (double)results[name]!["value"]!;

        double Best(string name) => (double)results[name]!["best"]!;
    }

    private static async Task<JsonNode> Quick()
    {
        using StringWriter output = new(), error = new();
        int code = await SagittaCommand.RunAsync(["bench", "--quick", "--threads", "2", "--json", "-"], output, error);
        Assert.True(code == 0, error.ToString());
        return JsonNode.Parse(output.ToString())!;
    }
}
