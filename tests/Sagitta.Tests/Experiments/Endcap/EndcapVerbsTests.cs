using System.Text.Json.Nodes;

namespace Sagitta.Tests.Experiments.Endcap;

/// <summary>The endcap from the command line: deposits in, tracks, tables and pages out.</summary>
public sealed class EndcapVerbsTests
{
    private static readonly string[] _slice =
        ["--deposits", EndcapSlice.File("test150_hits.csv.gz"), "--truth", EndcapSlice.File("test150_truth.csv.gz")];

    [Fact]
    public async Task Hits_of_a_user_become_tracks_with_covariance()
    {
        using TemporaryFolder folder = new();
        EndcapEvents events = EndcapSlice.Digitised(2).Slice(0, 12);
        string hits = folder.File("hits.csv"), tracks = folder.File("tracks.csv");
        await File.WriteAllLinesAsync(hits, ["event,plane,u,charge,time", .. Enumerable.Range(0, events.Count).SelectMany(e =>
            Enumerable.Range(events.Offsets[e], events.Offsets[e + 1] - events.Offsets[e]).Select(h => FormattableString.Invariant(
                $"{events.Number[e]},{events.Plane[h]},{events.U[h]},{events.Charge[h]},{events.Time[h]}")))]);
        await Run("reconstruct", "endcap", tracks, "--events", hits, "--classical");
        string[] rows = await File.ReadAllLinesAsync(tracks);
        Assert.Equal("event,track,status,charge,p,q_over_p,q_over_p_error,x,y,tx,ty,cov_x_x,cov_x_y,cov_x_tx,cov_x_ty,cov_x_q_over_p,"
            + "cov_y_y,cov_y_tx,cov_y_ty,cov_y_q_over_p,cov_tx_tx,cov_tx_ty,cov_tx_q_over_p,cov_ty_ty,cov_ty_q_over_p,"
            + "cov_q_over_p_q_over_p,chi2,ndf,planes", rows[0]);
        int muons = events.Muons.Length, good = 0;
        foreach (string[] row in rows.Skip(1).Select(r => r.Split(',')))
        {
            int e = Array.IndexOf(events.Number, long.Parse(row[0], CultureInfo.InvariantCulture));
            if (row[2] == "no-track")
            {
                Assert.Equal("-1", row[1]);
                continue;
            }

            double Number(int column) => double.Parse(row[column], CultureInfo.InvariantCulture);
            good += events.MuonsOf(e).ToArray().Any(m => Math.Abs(Number(5) - m.QOverP) < 5 * Number(6)
                && Math.Abs(Number(8) - m.Y) < 1 && Math.Abs(Number(7) - m.X) < 30) ? 1 : 0;
            Assert.Equal(Number(6) * Number(6), Number(25), 1e-6 * Number(25));
        }

        Assert.InRange(good, muons - 1, muons);
    }

    [Fact]
    public async Task Evaluation_writes_the_keys_that_scripts_depend_on()
    {
        using TemporaryFolder folder = new();
        string summary = folder.File("summary.json");
        Assert.Contains("classical", await Run([
            "evaluate", "endcap", .. _slice, "--background", "5", "--summary", summary]), StringComparison.Ordinal);
        JsonNode methods = JsonNode.Parse(await File.ReadAllTextAsync(summary))!["endcap"]!["samples"]!["test150"]!["methods"]!;
        Assert.Equal(["truth", "classical", "end-to-end", "factorised", "local"], methods.AsObject().Select(m => m.Key));
        foreach (JsonObject method in methods.AsObject().Select(m => m.Value!.AsObject()))
        {
            Assert.Equal(["efficiency", "fakeRate", "cloneRate", "coreWidth", "pullWidth", "chargeMisidentification", "byMuons",
                "closePairs", "pairs", "pulls", "byMomentum", "byAngle"], method.Select(m => m.Key));
            Assert.Equal(["muons", "efficiency", "allFound", "fakeRate"], method["byMuons"]![2]!.AsObject().Select(m => m.Key));
            Assert.Equal(["efficiency", "allFound"], method["closePairs"]!.AsObject().Select(m => m.Key));
            Assert.InRange(method["efficiency"]!.GetValue<double>(), 0.95, 1);
            Assert.Equal(["x", "y", "tx", "ty", "q_over_p"], method["pulls"]!.AsObject().Select(m => m.Key));
            Assert.Equal(method["byMomentum"]!.AsArray().Sum(bin => bin!["muons"]!.GetValue<double>()), EndcapSlice.Deposits.Muons.Count);
            Assert.InRange(method["pairs"]!["massWidth"]!.GetValue<double>(), 0.005, 0.1);
        }

        string alone = await Run(["evaluate", "endcap", .. _slice, "--model",
            TestData.InRepository("models", "endcap", "local.safetensors"),
            "--summary", "-"]);
        Assert.NotNull(JsonNode.Parse(alone)!["endcap"]);
    }

    [Fact]
    public async Task Event_is_displayed_in_two_projections_and_the_detector_inspected()
    {
        using TemporaryFolder folder = new();
        await Run(["display", "endcap", folder.File("event.html"), .. _slice, "--event", "2", "--classical"]);
        string page = await File.ReadAllTextAsync(folder.File("event.html"));
        Assert.Contains("Radial", page, StringComparison.Ordinal);
        Assert.Contains("Tangential", page, StringComparison.Ordinal);
        Assert.Contains("track 1", page, StringComparison.Ordinal);
        string inspected = await Run("inspect", EndcapSlice.Detector);
        Assert.Contains("24 planes in 3 stations", inspected, StringComparison.Ordinal);
        Assert.Contains("200 GeV", inspected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_train_and_reconstruct_with_the_new_model()
    {
        using TemporaryFolder folder = new();
        string events = folder.File("events.npz");
        await Run(["import", "endcap", events, .. _slice, "--background", "2"]);
        await Run("train", "endcap", "--events", events, "--set", "epochs=1", "--set", "network.layers=1", "--out", folder.File("run"));
        await Run("reconstruct", "endcap", folder.File("tracks.npz"), "--events", events, "--model",
            Path.Combine(folder.File("run"), "model.safetensors"));
        using NpzReader tracks = new(folder.File("tracks.npz"));
        Assert.True(tracks.Read<double>("q_over_p").Length >= 150);
    }

    [Theory]
    [InlineData("event,plane,u\n1,24,0\n", "24")]
    [InlineData("event,plane,u\n1,0,nan\n", "nan")]
    public async Task Bad_hits_are_one_line_and_exit_code_2(string text, string said)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("hits.csv"), text);
        string error = await Run(2, "reconstruct", "endcap", "-", "--events", folder.File("hits.csv"), "--classical");
        Assert.Contains(said, error, StringComparison.OrdinalIgnoreCase);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task File_that_exists_is_kept_and_an_event_file_has_its_ending()
    {
        using TemporaryFolder folder = new();
        string events = folder.File("events.npz");
        await Run("simulate", "endcap", events, "--events", "0");
        await File.WriteAllTextAsync(folder.File("tracks.csv"), "mine");
        Assert.Contains("exists", await Run(2, "reconstruct", "endcap", folder.File("tracks.csv"), "--events", events),
            StringComparison.Ordinal);
        Assert.Contains("exists", await Run(2, "simulate", "endcap", events, "--events", "1"), StringComparison.Ordinal);
        Assert.Contains("ends in .npz", await Run(2, "simulate", "endcap", folder.File("e.csv"), "--events", "1"),
            StringComparison.Ordinal);
        Assert.Contains("it holds no event", await Run(2, "evaluate", "endcap", "--events", events), StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(folder.File("tracks.csv")));
    }

    [Fact]
    public async Task Missing_truth_and_no_input_say_what_to_give()
    {
        Assert.Contains("--truth", await Run(2, "evaluate", "endcap", "--deposits", _slice[1]), StringComparison.Ordinal);
        Assert.Contains("--events", await Run(2, "evaluate", "endcap"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Simulated_events_depend_on_seed_and_number_and_their_muons_are_found()
    {
        using TemporaryFolder folder = new();
        string more = folder.File("more.npz"), fewer = folder.File("fewer.npz");
        await Run("simulate", "endcap", more, "--events", "60", "--background", "2", "--seed", "4");
        await Run("simulate", "endcap", fewer, "--events", "20", "--background", "2", "--seed", "4");
        EndcapGeometry geometry = new(EndcapDetector.Load(EndcapSlice.Detector));
        EndcapEvents all = EndcapEventFile.Read(more, geometry), some = EndcapEventFile.Read(fewer, geometry);
        Assert.Equal(all.U[..some.U.Length], some.U);
        Assert.Equal(all.Muons[..some.Muons.Length], some.Muons);
        Assert.InRange(all.Muons.Length, 70, 140);
        await Run("evaluate", "endcap", "--events", more, "--summary", folder.File("summary.json"));
        var summary = JsonNode.Parse(await File.ReadAllTextAsync(folder.File("summary.json")))!;
        JsonNode methods = summary["endcap"]!["samples"]!["more"]!["methods"]!;
        Assert.InRange((double)methods["truth"]!["efficiency"]!, 0.99, 1);
        Assert.InRange((double)methods["classical"]!["efficiency"]!, 0.93, 1);
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
