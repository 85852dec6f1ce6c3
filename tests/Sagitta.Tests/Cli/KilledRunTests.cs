using System.Diagnostics;

namespace Sagitta.Tests.Cli;

/// <summary>Trainings of the program itself, killed at random moments and started again: the files at the end are those of one that ran
/// through. SAGITTA_KILLS says how often (default 3).</summary>
public sealed class KilledRunTests
{
    private static readonly string[] _training =
    [
        "train", "muon", "--config", TestData.InRepository("experiments", "muon-quick.yaml"), "--set", "data.training=128", "--set",
        "data.validation=32", "--set", "training.epochs=4", "--threads", "1", "--out",
    ];

    private static readonly string[] _calorimeter =
    [
        "train", "calorimeter", "--config", TestData.InRepository("experiments", "calorimeter-quick.yaml"), "--set", "data.folder="
            + TestData.InRepository("data", "geant4-dtc"), "--set", "training.steps=12", "--set", "training.framesPerStep=4", "--set",
        "training.validateEvery=4", "--set", "data.validationFrames=1", "--threads", "1", "--out",
    ];

    private static readonly string[] _endcap =
    [
        "train", "endcap", "--deposits", EndcapSlice.File("test150_hits.csv.gz"), "--truth", EndcapSlice.File("test150_truth.csv.gz"),
        "--set", "epochs=4", "--set", "network.layers=1", "--threads", "1", "--out",
    ];

    private static readonly string[] _reproduction =
    [
        "reproduce", "muon", "--quick", "--set", "data.training=96", "--set", "data.validation=32", "--set", "data.test=64", "--set",
        "data.withoutMuon=0", "--set", "data.spectrum=0", "--set", "training.epochs=2", "--threads", "1", "--out",
    ];

    [Fact]
    [Trait("speed", "slow")]
    public void Training_that_is_killed_and_resumed_gives_the_same_bits() => RequireSameBits(_training);

    [Fact]
    [Trait("speed", "slow")]
    public void Training_of_a_calorimeter_that_is_killed_and_resumed_gives_the_same_bits() => RequireSameBits(_calorimeter);

    [Fact]
    [Trait("speed", "slow")]
    public void Training_of_an_endcap_that_is_killed_and_resumed_gives_the_same_bits() => RequireSameBits(_endcap);

    [Fact]
    [Trait("speed", "slow")]
    public void Reproduction_that_is_killed_and_resumed_gives_the_same_bits() => RequireSameBits(_reproduction);

    private static void RequireSameBits(string[] command)
    {
        using TemporaryFolder folder = new();
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(0, Run([.. command, folder.File("whole")], kill: null));
        TimeSpan whole = Stopwatch.GetElapsedTime(start);
        int kills = int.Parse(Environment.GetEnvironmentVariable("SAGITTA_KILLS") ?? "3", CultureInfo.InvariantCulture);
        RandomKey key = RandomKey.FromSeed(5);
        for (int kill = 0, run = 0; kill < kills; run++)
        {
            string resumed = folder.File($"killed-{run}");
            int code = -1;
            for (; code != 0 && kill < kills; kill++)
            {
                double share = key.Split((ulong)kill).State % 1024 / 1024.0;
                code = Run([.. command, resumed], share * whole);
            }

            Assert.Equal(0, Run([.. command, resumed], kill: null));
            Assert.Equal(Files(folder.File("whole")), Files(resumed));
        }
    }

    [Theory]
    [Trait("speed", "slow")]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public void Stopped_training_says_how_to_go_on_and_a_closed_error_stream_stops_nothing(string signalName, int code)
    {
        using TemporaryFolder folder = new();
        using Process shell = Process.Start(new ProcessStartInfo("sh",
            ["-c", $"exec dotnet '{Program}' {string.Join(' ', _training)} '{folder.File("a run")}' 2>'{folder.File("told")}'"]))!;
        while (!Directory.Exists(folder.File("a run/trajectory")))
        {
            Thread.Sleep(20);
        }

        using (var signal = Process.Start("kill", ["-" + signalName, shell.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            signal.WaitForExit();
        }

        shell.WaitForExit();
        Assert.Equal(code, shell.ExitCode);
        Assert.Contains("go on with: sagitta train muon", File.ReadAllText(folder.File("told")), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.File("a run"), "*.partial"));
        using Process closed = Process.Start(new ProcessStartInfo("sh",
            ["-c", $"exec dotnet '{Program}' {string.Join(' ', _training)} '{folder.File("a run")}' 2>&-"]))!;
        closed.WaitForExit();
        Assert.Equal(0, closed.ExitCode);
        Assert.True(File.Exists(folder.File("a run/model.safetensors")));
    }

    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "sagitta.dll");

    // The exit code; -1 where the process was killed.
    private static int Run(string[] arguments, TimeSpan? kill)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (kill is { } moment && !process.WaitForExit(moment))
        {
            process.Kill();
            process.WaitForExit();
            return -1;
        }

        process.WaitForExit();
        return process.ExitCode;
    }

    // The time of a run stands in manifest, summary and report, and the name of its folder in the command that results.md repeats.
    private static Dictionary<string, string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(path => !Path.GetFileName(path).StartsWith('.') && !path.EndsWith(".previous", StringComparison.Ordinal)
            && Path.GetFileName(path) is not ("manifest.json" or "summary.json" or "report.html"))
        .ToDictionary(path => Path.GetRelativePath(folder, path), path => Convert.ToHexString(
            System.Security.Cryptography.SHA256.HashData(path.EndsWith(".md", StringComparison.Ordinal)
                ? System.Text.Encoding.UTF8.GetBytes(File.ReadAllText(path).Replace(folder, "FOLDER", StringComparison.Ordinal))
                : File.ReadAllBytes(path))), StringComparer.Ordinal);
}
