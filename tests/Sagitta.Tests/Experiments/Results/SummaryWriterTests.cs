using System.Text.Json;
using Sagitta.Experiments.Results;

namespace Sagitta.Tests.Experiments.Results;

public sealed class SummaryWriterTests
{
    private static readonly string[] s_methodNames =
    [
        "reading", "auc", "averagePrecision", "efficiency", "hitEfficiency", "hitPurity", "attempted", "failedFits", "coreWidth", "rms95",
        "tail3", "tail5", "bias", "pullWidth", "chargeMisidentification", "binned",
    ];

    private static JsonElement Write(RunSummary summary)
    {
        using MemoryStream stream = new();
        SummaryWriter.Write(stream, summary);
        Assert.Equal((byte)'\n', stream.ToArray()[^1]);
        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }

    private static RunSummary Muon(params MuonMethodSummary[] methods) => new()
    {
        Command = "sagitta evaluate muon --out \"a b\"",
        Version = "1.2.3",
        Seed = ulong.MaxValue,
        Threads = 2,
        WallSeconds = 1.5,
        Muon = new MuonSummary([new LimitPoint(10, 0.0073)], [
            new MuonSampleSummary
            {
                Name = "geant4",
                Source = "geant4",
                Events = 7,
                BackgroundKHzPerCm2 = 5,
                Methods = methods,
                Differences = [new DifferenceSummary("end-to-end", "factorised", [("auc", new Interval(0.1, 0.05, double.PositiveInfinity))])],
            }]),
    };

    [Fact]
    public void Muon_results_have_the_names_that_scripts_read()
    {
        JsonElement root = Write(Muon(new MuonMethodSummary
        {
            Name = "end-to-end",
            Reading = "soft",
            Auc = 0.98,
            Attempted = 7,
            CoreWidth = 1.25,
            Binned = [new MomentumBinSummary { PtLow = 5, PtHigh = 10, Attempted = 3, CoreWidth = 0.01, Bias = -0.001, Limit = 0.005 }],
        }));
        Assert.Equal(["command", "version", "seed", "threads", "wallSeconds", "peakMemoryMiB", "muon"], root.EnumerateObject().Select(p => p.Name));
        Assert.Equal(ulong.MaxValue, root.GetProperty("seed").GetUInt64());
        JsonElement muon = root.GetProperty("muon");
        Assert.Equal(0.0073, muon.GetProperty("limit")[0].GetProperty("relative").GetDouble());
        JsonElement sample = muon.GetProperty("samples").GetProperty("geant4");
        Assert.Equal(5, sample.GetProperty("backgroundKHzPerCm2").GetDouble());
        JsonElement method = sample.GetProperty("methods").GetProperty("end-to-end");
        Assert.Equal(s_methodNames, method.EnumerateObject().Select(p => p.Name));
        Assert.Equal(1.25, method.GetProperty("coreWidth").GetDouble());
        Assert.Equal(["ptLow", "ptHigh", "attempted", "coreWidth", "bias", "limit"], method.GetProperty("binned")[0].EnumerateObject().Select(p => p.Name));
        JsonElement difference = sample.GetProperty("differences").GetProperty("end-to-end minus factorised").GetProperty("auc");
        Assert.Equal(0.05, difference.GetProperty("low").GetDouble());
    }

    [Fact]
    public void Numbers_that_are_not_finite_become_null()
    {
        JsonElement sample = Write(Muon(new MuonMethodSummary { Name = "truth", Bias = double.NegativeInfinity }))
            .GetProperty("muon").GetProperty("samples").GetProperty("geant4");
        JsonElement method = sample.GetProperty("methods").GetProperty("truth");
        Assert.All((string[])["reading", "auc", "bias", "tail5"], name => Assert.Equal(JsonValueKind.Null, method.GetProperty(name).ValueKind));
        Assert.Equal(JsonValueKind.Null, sample.GetProperty("differences").GetProperty("end-to-end minus factorised").GetProperty("auc").GetProperty("high").ValueKind);
    }

    [Fact]
    public void Calorimeter_methods_of_one_name_form_a_list()
    {
        CalorimeterMethodSummary model = new() { Name = "predict-and-track", Lambda = 25, Purity = 0.9 };
        JsonElement methods = Write(new RunSummary
        {
            Command = "c",
            Version = "v",
            Calorimeter = new CalorimeterSummary([
                new CalorimeterSampleSummary
                {
                    Name = "water100",
                    Water = 100,
                    ProtonsPerFrame = 50,
                    Frames = 3,
                    Methods = [model, new CalorimeterMethodSummary { Name = "predict-then-track" }, model with { Seed = 1 }],
                }]),
        }).GetProperty("calorimeter").GetProperty("samples").GetProperty("water100").GetProperty("methods");
        Assert.Equal([0ul, 1ul], methods.GetProperty("predict-and-track").EnumerateArray().Select(m => m.GetProperty("seed").GetUInt64()));
        JsonElement single = methods.GetProperty("predict-then-track");
        Assert.Equal(JsonValueKind.Null, single.GetProperty("lambda").ValueKind);
        Assert.Equal(
            ["lambda", "seed", "purity", "efficiency", "efficiencyReference", "truePositiveRate", "falsePositiveRate"],
            single.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void Checks_say_whether_they_hold()
    {
        JsonElement check = Write(new RunSummary { Command = "c", Version = "v", Checks = [new CheckSummary("width", 0.5, "within 5 %", true)] }).GetProperty("checks")[0];
        Assert.True(check.GetProperty("holds").GetBoolean());
        Assert.Equal("within 5 %", check.GetProperty("bound").GetString());
    }

    [Fact]
    public void Interval_with_an_unknown_end_decides_nothing()
    {
        Assert.True(new Interval(-1, -2, -0.5).LiesBelow(0));
        Assert.False(new Interval(-1, -2, double.NaN).LiesBelow(0));
        Assert.False(new Interval(1, double.NaN, 2).LiesAbove(0));
    }
}
