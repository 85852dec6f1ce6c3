using System.Text.Json.Nodes;

namespace Sagitta.Tests.Cli;

public sealed class BenchVerbTests
{
    [Fact]
    public async Task Quick_form_gives_every_figure_that_scripts_read()
    {
        using StringWriter output = new(), error = new();
        int code = await SagittaCommand.RunAsync(["bench", "--quick", "--threads", "2", "--json", "-"], output, error);
        Assert.True(code == 0, error.ToString());
        JsonNode report = JsonNode.Parse(output.ToString())!;
        Assert.True((int)report["machine"]!["vectorBits"]! >= 128);
        Assert.InRange((double)report["muonEvent"]!["hits"]!, 170, 300);
        Assert.InRange((double)report["muonEvent"]!["edges"]!, 2300, 6000);
        foreach ((string name, string unit) in ((string, string)[])
        [
            ("muon.train", "events/s"), ("muon.train.factorised", "events/s"), ("muon.train.oneThread", "events/s"), (
                "muon.reconstruct", "events/s"),
            ("muon.simulate", "events/s"), ("muon.latency.median", "us"), ("muon.latency.p99", "us"), ("fit.forward", "tracks/s"), (
                "fit.backward", "tracks/s"),
            ("fit.covariance", "tracks/s"), ("calorimeter.train.frame100", "ms"), ("calorimeter.reconstruct.frame100", "ms"), (
                "assignment.dense100", "us"),
            ("assignment.dense200", "us"), ("attention.both", "ns/edge"), ("matmul.gflops", "GFLOP/s"), ("peak.gflops", "GFLOP/s"),
        ])
        {
            JsonNode figure = report["results"]![name]!;
            Assert.Equal(unit, (string)figure["unit"]!);
            if ((double?)figure["best"] is { } best)
            {
                Assert.True(unit is "us" or "ms" or "ns/edge" ? best <= Value(name) : best >= Value(name), name);
            }
        }

        Assert.Equal(Value("muon.train.factorised") / Value("muon.train"), Value("muon.train.factorisedRatio"), 1e-3);
        Assert.Equal(Value("muon.train") / Value("muon.train.oneThread"), Value("muon.train.scaling"), 1e-3);
        Assert.Equal(Value("attention.forward") + Value("attention.backward"), Value("attention.both"), 1e-2);
        Assert.True(Value("muon.latency.p99") >= Value("muon.latency.median"));
        Assert.InRange(Value("matmul.gflops"), 0.01 * Value("peak.gflops"), 1.3 * Value("peak.gflops"));
        Assert.True(Value("assignment.dense200") > Value("assignment.dense100"));

        double Value(string name) => (double)report["results"]![name]!["value"]!;
    }
}
