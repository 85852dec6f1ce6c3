using System.Text.Json.Nodes;

namespace Sagitta.Tests.Cli;

/// <summary>Parts of a reconstruction, made one after another, become the file of one process.</summary>
public sealed class ShardTests : IDisposable
{
    private static readonly string[] _deposits =
    [
        "--deposits", TestData.InRepository("data", "geant4-toy16", "slice_hits.csv.gz"), "--truth",
        TestData.InRepository("data", "geant4-toy16", "slice_truth.csv.gz"),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("muon", "events.npz")]
    [InlineData("muon", "hits.csv")]
    [InlineData("muon", "deposits")]
    [InlineData("endcap", "events.npz")]
    [InlineData("endcap", "deposits")]
    [InlineData("calorimeter", "hits")]
    public async Task Parts_are_the_tracks_of_one_process(string system, string input)
    {
        string tracks = _folder.File("tracks.csv");
        string[] command = ["reconstruct", system, tracks, "--threads", "1", .. await Input(system, input)];
        await PartsAreTheWhole(tracks, command);
    }

    [Theory]
    [InlineData("simulate", "--events", "41", "--background", "5")]
    [InlineData("import", "--background", "5")]
    public async Task Parts_of_endcap_events_are_the_file_of_one_process(string verb, params string[] options)
    {
        string[] deposits = verb == "simulate" ? [] :
        [
            "--deposits", TestData.InRepository("data", "geant4-endcap", "test150_hits.csv.gz"), "--truth",
            TestData.InRepository("data", "geant4-endcap", "test150_truth.csv.gz"),
        ];
        string file = _folder.File("events.npz");
        string[] command = [verb, "endcap", file, .. options, .. deposits];
        await PartsAreTheWhole(file, command);
    }

    // Two parts in any order, one of them again; the table is told by the job that finds both, and by every one after it.
    [Theory]
    [InlineData("muon", "deposits")]
    [InlineData("endcap", "deposits")]
    [InlineData("calorimeter", "hits")]
    public async Task Parts_of_an_evaluation_tell_the_table_and_summary_of_one_process(string system, string input)
    {
        string[] command = ["evaluate", system, "--threads", "1", .. (await Input(system, input)).Where(word => word != "--classical"),
            .. system == "muon" ? ["--model", TestData.InRepository("models", "muon", "end-to-end.safetensors")]
                : Array.Empty<string>(), "--out"];
        string table = await Run([.. command, _folder.File("one")]);
        Assert.Contains("classical", system == "calorimeter" ? "classical" : table, StringComparison.Ordinal);
        string[] parts = [.. command, _folder.File("many"), "--shard"];
        Assert.Equal("", await Run([.. parts, "3/3"]));
        Assert.Equal("", await Run([.. parts, "1/3"]));
        Assert.Equal("", await Run([.. parts, "1/3"]));
        Assert.False(File.Exists(_folder.File("many/summary.json")));
        Assert.Equal(table, await Run([.. parts, "2/3"]));
        Assert.Equal(Section("one"), Section("many"));
        Assert.Equal(table, await Run([.. parts, "3/3"]));
        string part = _folder.File("many/parts.part-2-of-3");
        byte[] bytes = await File.ReadAllBytesAsync(part);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(part, bytes);
        Assert.Contains("it is not the file that its manifest describes", await Run(2, [.. parts, "3/3"]), StringComparison.Ordinal);

        string Section(string folder) => JsonNode.Parse(File.ReadAllText(_folder.File(folder + "/summary.json")))![system]!.ToJsonString();
    }

    private static async Task PartsAreTheWhole(string file, string[] command)
    {
        await Run(command);
        byte[] whole = await File.ReadAllBytesAsync(file);
        File.Delete(file);
        for (int number = 1; number <= 3; number++)
        {
            await Run([.. command, "--shard", $"{number}/3"]);
        }

        await Run("merge", file);
        Assert.Equal(whole, await File.ReadAllBytesAsync(file));
    }

    private async Task<string[]> Input(string system, string input)
    {
        string file = _folder.File(input);
        switch (system, input)
        {
            case ("muon", "deposits"):
                return _deposits;
            case ("muon", "hits.csv"):
                await Run("simulate", "muon", _folder.File("events.npz"), "--events", "40");
                HitSet hits = EventFile.Read(_folder.File("events.npz")).Hits;
                await File.WriteAllLinesAsync(file, ["event,plane,y,charge,time", .. Enumerable.Range(0, hits.Count).SelectMany(e =>
                    Enumerable.Range(hits.Offsets[e], hits.Offsets[e + 1] - hits.Offsets[e]).Select(h => FormattableString.Invariant(
                        $"{hits.EventNumber[e]},{hits.Plane[h]},{hits.Y[h]},{hits.Charge[h]},{hits.Time[h]}")))]);
                return ["--events", file];
            case ("endcap", "deposits"):
                return
                [
                    "--classical", "--deposits", TestData.InRepository("data", "geant4-endcap", "test150_hits.csv.gz"), "--truth",
                    TestData.InRepository("data", "geant4-endcap", "test150_truth.csv.gz"),
                ];
            case ("calorimeter", _):
                return ["--hits", TestData.InRepository("data", "geant4-dtc", "water200_test_hits.csv.gz"), "--protons-per-frame", "70"];
            default:
                await Run("simulate", system, file, "--events", "40");
                return ["--events", file, .. system == "endcap" ? ["--classical"] : Array.Empty<string>()];
        }
    }

    private static Task<string> Run(params string[] arguments) => Run(0, arguments);

    private static async Task<string> Run(int expected, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = await SagittaCommand.RunAsync(arguments, output, error);
        Assert.True(code == expected, error.ToString());
        return code == 0 ? output.ToString() : error.ToString();
    }
}
