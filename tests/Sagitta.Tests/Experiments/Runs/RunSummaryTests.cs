using System.Text.Json.Nodes;

namespace Sagitta.Tests.Experiments.Runs;

public sealed class RunSummaryTests
{
    [Fact]
    public void Summary_begins_with_the_common_keys_and_holds_the_sections()
    {
        using TemporaryFolder folder = new();
        RunSummary summary = new("reproduce muon --quick", 7, 2);
        summary.Sections["muon"] = new JsonObject { ["limit"] = new JsonArray(1.5) };
        summary.Write(folder.File("summary.json"));
        JsonObject json = JsonNode.Parse(File.ReadAllText(folder.File("summary.json")))!.AsObject();
        Assert.Equal(["command", "version", "seed", "threads", "wallSeconds", "peakMemoryMiB", "muon"], json.Select(p => p.Key));
        Assert.Equal("reproduce muon --quick", (string?)json["command"]);
        Assert.Equal(7, (int)json["seed"]!);
        Assert.InRange((double)json["peakMemoryMiB"]!, 1, 1e6);
        Assert.Equal(1.5, (double)json["muon"]!["limit"]![0]!);
    }

    [Fact]
    public void Failure_tells_bad_input_from_others_even_from_parallel_work()
    {
        BadInputException bad = new("a.csv, line 3", "'x' is no number", "give one");
        Assert.Equal(new RunFailure(IsBadInput: true, "a.csv, line 3: 'x' is no number; give one"),
            RunFailure.Of(new AggregateException(bad)));
        RunFailure other = RunFailure.Of(new InvalidOperationException("one\ntwo"));
        Assert.Equal((false, false, "it failed in a way that was not foreseen"), (other.IsBadInput, other.IsForeseen, other.Message));
    }
}
