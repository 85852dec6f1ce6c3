using System.Text.Json.Nodes;

namespace Sagitta.Tests.Experiments.Muon.Evaluation;

public sealed class MuonRatesTests
{
    [Fact]
    public void Labels_see_no_muon_where_there_is_none_and_the_spectrum_as_it_is()
    {
        using WorkerThreads threads = new(2);
        MuonExperiment experiment = SmallMuonRun.Experiment with { Data = new() { Test = 300, WithoutMuon = 100, Spectrum = 600 } };
        MuonChain chain = new(experiment, SmallMuonRun.Detector);
        MuonSampleResult Sample(string name, EventSet events)
        {
            MuonEvaluation evaluation = new(chain, threads);
            return new(name, 5, events, [evaluation.Truth(events), evaluation.Classical(events)]);
        }

        MuonSampleResult muons = Sample("simulation-5", MuonSamples.Test(experiment, SmallMuonRun.Detector, 5, threads));
        MuonRates rates = MuonRates.Of(
            chain,
            muons,
            Sample("without-muon-5", MuonSamples.WithoutMuon(experiment, SmallMuonRun.Detector, 5, threads)),
            Sample("spectrum-5", MuonSamples.Spectrum(experiment, SmallMuonRun.Detector, 5, threads)));
        Assert.Equal([MuonMethod.Truth, MuonMethod.Classical], rates.Methods.Select(m => m.Method));
        MuonMethodRates truth = rates.Of(MuonMethod.Truth)[0];
        Assert.Equal(0, truth.FakeShare);
        Assert.InRange(truth.Acceptance.Efficiency, 0.95, 0.96);
        Assert.InRange(truth.Spectrum[0].Accepted / truth.Spectrum[0].Ideal, 0.95, 1.05);
        Assert.InRange(truth.TurnOn[0][^1].Efficiency, 0.99, 1);
        Assert.Equal(0, truth.TurnOn[0][0].Accepted);
        Assert.InRange(rates.Of(MuonMethod.Classical)[0].FakeShare, 0, 0.05);
        JsonObject summary = MuonSummary.Of(new(chain, [], [muons]) { Rates = [rates] });
        Assert.Equal(0, (double)summary["rates"]![0]!["methods"]!["truth"]!["fakeShare"]!);
        Assert.Equal(16, ((JsonArray)summary["samples"]!["simulation-5"]!["methods"]!["classical"]!["hitPurityByPlane"]!).Count);
        Assert.Contains("without a muon", MuonTable.Of(new(chain, [], [muons]) { Rates = [rates] }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_whole_configuration_survives_a_file()
    {
        string text = ConfigurationFile.Write(new MuonExperiment());
        Assert.Equal(text, ConfigurationFile.Write(ConfigurationFile.Parse<MuonExperiment>(text, "defaults")));
    }
}
