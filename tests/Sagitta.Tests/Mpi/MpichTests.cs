using System.Diagnostics;

namespace Sagitta.Tests.Mpi;

/// <summary>The program under mpirun of a real MPICH: what several ranks make is what one process makes.</summary>
[Trait("speed", "slow")]
[Trait("mpi", "mpich")]
public sealed class MpichTests : IDisposable
{
    private static readonly string[] _small =
    [
        "train", "muon", "--config", TestData.InRepository("experiments", "muon-quick.yaml"), "--set", "data.training=200", "--set",
        "data.validation=60", "--set", "training.epochs=2", "--threads", "1", "--out",
    ];

    // Options of every run on the committed muons of the endcap.
    private static readonly string[] _endcap =
    [
        "--deposits", EndcapSlice.File("test150_hits.csv.gz"), "--truth", EndcapSlice.File("test150_truth.csv.gz"), "--threads", "1",
        "--out",
    ];

    private static readonly string[] _smallEndcap =
        ["train", "endcap", "--set", "epochs=2", "--set", "network.layers=1", "--set", "loss.warmUp=0.5", .. _endcap];

    private static readonly string[] _smallCalorimeter =
    [
        "train", "calorimeter", "--config", TestData.InRepository("experiments", "calorimeter-quick.yaml"), "--set", "training.steps=2",
        "--set", "training.framesPerStep=8", "--set", "training.validateEvery=1", "--threads", "1", "--out",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("muon", 2)]
    [InlineData("muon", 4)]
    [InlineData("endcap", 2)]
    [InlineData("endcap", 4)]
    [InlineData("calorimeter", 2)]
    [InlineData("calorimeter", 4)]
    public void Model_of_several_ranks_has_the_bits_of_one(string system, int ranks)
    {
        Assert.Equal((0, ""), Failure(Run(0, [.. Training(system), "one"])));
        Assert.Equal((0, ""), Failure(Run(ranks, [.. Training(system), "many", "--mpi"])));
        SameFiles("one", "many", "model.safetensors", "metrics.csv", "checkpoint.safetensors");
        Assert.False(File.Exists(_folder.File("many/.sagitta-holder")));
    }

    [Fact]
    public void Ranks_share_the_combinations_of_a_sweep()
    {
        File.WriteAllText(_folder.File("grid.yaml"),
            $"command: {string.Join(' ', _small[..^1])}\ngrid:\n  training.learningRate: [0.001, 0.002, 0.003]\n");
        Assert.Equal((0, ""), Failure(Run(0, ["sweep", "grid.yaml", "--out", "one"])));
        Assert.Equal((0, ""), Failure(Run(2, ["sweep", "grid.yaml", "--out", "many", "--mpi"])));
        SameFiles("one", "many", "learningRate=0.001/model.safetensors", "learningRate=0.002/model.safetensors",
            "learningRate=0.003/model.safetensors");
        Assert.True(File.Exists(_folder.File("many/report.html")));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Ranks_evaluate_an_endcap_as_one_process_does(int ranks)
    {
        (int code, string table) = Run(0, ["evaluate", "endcap", .. _endcap, "one"]);
        Assert.Equal(0, code);
        (int shared, string told) = Run(ranks, ["evaluate", "endcap", .. _endcap, "many", "--mpi"]);
        Assert.Equal((0, Results(table)), (shared, Results(told)));
        Assert.Equal(Section("one"), Section("many"));

        // Without what tells how far it is.
        static string Results(string told) => string.Join('\n', told.Split('\n').Where(line =>
            !line.Contains("exchanges", StringComparison.Ordinal) && !line.StartsWith("evaluate ", StringComparison.Ordinal)));

        string Section(string folder) => System.Text.Json.Nodes.JsonNode.Parse(
            File.ReadAllText(_folder.File(folder + "/summary.json")))!["endcap"]!.ToJsonString();
    }

    [Theory]
    [InlineData("muon", "trajectory")]
    [InlineData("endcap", "metrics.csv")]
    public void Stopped_ranks_leave_a_checkpoint_and_another_number_of_them_goes_on(string system, string begun)
    {
        string[] training = Training(system);
        Assert.Equal((0, ""), Failure(Run(0, [.. training, "one"])));
        using Process stopped = Start(3, [.. training, "resumed", "--mpi"]);
        Await(() => Path.Exists(_folder.File($"resumed/{begun}")), stopped);
        Signal("-TERM", stopped.Id);
        stopped.WaitForExit();
        Assert.NotEqual(0, stopped.ExitCode);
        Assert.True(File.Exists(_folder.File("resumed/checkpoint.safetensors")));
        Assert.Equal((0, ""), Failure(Run(2, [.. training, "resumed", "--mpi"])));
        SameFiles("one", "resumed", "model.safetensors", "metrics.csv", "checkpoint.safetensors");
    }

    [Fact]
    public void A_killed_rank_loses_its_part_and_the_same_command_completes_the_run()
    {
        string[] reconstruction = ["reconstruct", "muon", "tracks.csv", "--events", "events.npz", "--threads", "1"];
        Assert.Equal((0, ""), Failure(Run(0, ["simulate", "muon", "events.npz", "--events", "4000"])));
        Assert.Equal((0, ""), Failure(Run(0, reconstruction)));
        File.Move(_folder.File("tracks.csv"), _folder.File("expected.csv"));
        string[] shared = [.. reconstruction, "--mpi", "--parts", "16"];
        using (Process broken = Start(2, shared))
        {
            Await(() => Directory.GetFiles(_folder.Name, "tracks.part-*.json").Length > 1, broken);
            Signal("-KILL", RankOf(broken.Id));
            broken.WaitForExit();
            Assert.NotEqual(0, broken.ExitCode);
        }

        (int code, string told) = Run(0, ["merge", "tracks.csv"]);
        Assert.Equal(2, code);
        Assert.Contains("parts are missing", told, StringComparison.Ordinal);
        Assert.Equal((0, ""), Failure(Run(2, shared)));
        Assert.Equal((0, ""), Failure(Run(0, ["merge", "tracks.csv"])));
        Assert.Equal(File.ReadAllBytes(_folder.File("expected.csv")), File.ReadAllBytes(_folder.File("tracks.csv")));
    }

    [Theory]
    [InlineData("muon")]
    [InlineData("endcap")]
    public void A_failure_says_which_rank_failed_and_ends_all(string system)
    {
        (int code, string told) = Run(2, ["train", system, "--config", "none.yaml", "--out", "run", "--mpi"]);
        Assert.Equal(2, code);
        Assert.Contains("of 2: 'none.yaml'", told, StringComparison.Ordinal);
        Assert.Contains("sagitta, rank ", told, StringComparison.Ordinal);
    }

    private static string[] Training(string system) => system switch
    {
        "muon" => _small,
        "endcap" => _smallEndcap,
        _ => _smallCalorimeter,
    };

    private void SameFiles(string first, string second, params string[] names)
    {
        foreach (string name in names)
        {
            Assert.Equal(File.ReadAllBytes(_folder.File($"{first}/{name}")), File.ReadAllBytes(_folder.File($"{second}/{name}")));
        }
    }

    // What is told of a run that had to succeed: nothing but its code where it did.
    private static (int Code, string Told) Failure((int Code, string Told) run) => (run.Code, run.Code == 0 ? "" : run.Told);

    private static void Await(Func<bool> condition, Process process)
    {
        while (!condition() && !process.HasExited)
        {
            Thread.Sleep(10);
        }
    }

    private static void Signal(string signal, int process)
    {
        using var kill = Process.Start("kill", [signal, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    // A process of the program below mpirun.
    private static int RankOf(int process)
    {
        string children = File.ReadAllText($"/proc/{process}/task/{process}/children");
        int[] numbers = [.. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        return numbers.Length == 0 ? process : RankOf(numbers[^1]);
    }

    private Process Start(int ranks, string[] arguments)
    {
        string[] program = ["dotnet", Path.Combine(AppContext.BaseDirectory, "sagitta.dll"), .. arguments];
        string[] all = ranks == 0 ? program : ["mpirun.mpich", "-np", ranks.ToString(CultureInfo.InvariantCulture), .. program];
        return Process.Start(new ProcessStartInfo(all[0], all[1..])
        {
            WorkingDirectory = _folder.Name,
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
    }

    private (int Code, string Told) Run(int ranks, string[] arguments)
    {
        using Process process = Start(ranks, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Result + error);
    }
}
