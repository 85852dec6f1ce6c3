using System.Diagnostics;

namespace Sagitta.Tests.Cli;

/// <summary>Whole chains on processors with narrower vectors: sums have other orders there, so that numbers differ by rounding. The tracks
/// are the same to a ten-thousandth of their pT or range and all have the same status.</summary>
public sealed class NarrowVectorsTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [Trait("speed", "slow")]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    public void Tracks_do_not_depend_on_the_width_of_vectors(string off)
    {
        using TemporaryFolder folder = new();
        string events = folder.File("events.npz");
        Run("", "simulate", "muon", events, "--events", "300");
        string[][] commands =
        [
            ["reconstruct", "muon", "--events", events],
            ["reconstruct", "calorimeter", "--protons-per-frame", "50", "--hits",
                TestData.InRepository("data", "geant4-dtc", "water200_test_hits.csv.gz")],
        ];
        foreach (string[] command in commands)
        {
            string wide = folder.File(command[1] + "-wide.csv"), narrow = folder.File(command[1] + "-narrow.csv");
            Run("", [.. command[..2], wide, .. command[2..]]);
            Run(off, [.. command[..2], narrow, .. command[2..]]);
            RequireSame(File.ReadAllLines(wide), File.ReadAllLines(narrow), command[1] == "muon" ? "pt" : "range");
        }
    }

    [Theory]
    [Trait("speed", "slow")]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    public void Training_differs_by_rounding_alone(string off)
    {
        using TemporaryFolder folder = new();
        string[] train = ["train", "muon", "--config", TestData.InRepository("experiments", "muon-quick.yaml"), "--set",
            "data.training=128", "--set", "data.validation=32", "--set", "training.epochs=1", "--out"];
        Run("", [.. train, folder.File("wide")]);
        Run(off, [.. train, folder.File("narrow")]);
        double[] Losses(string run) => [.. File.ReadLines(Path.Combine(folder.File(run), "metrics.csv")).Skip(1)
            .Select(line => NumberText.Read<double>(line.Split(',')[1], run))];
        double[] wide = Losses("wide"), narrow = Losses("narrow");
        Assert.Equal(wide.Length, narrow.Length);
        Assert.All(wide.Zip(narrow), pair => Assert.InRange(pair.Second / pair.First, 1 - 1e-3, 1 + 1e-3));
    }

    private static void RequireSame(string[] wide, string[] narrow, string column)
    {
        string[] names = wide[0].Split(',');
        int number = Array.IndexOf(names, column), status = Array.IndexOf(names, "status");
        Assert.True(wide.Length > 100 && number >= 0 && status >= 0);
        Assert.Equal(wide.Length, narrow.Length);
        foreach ((string a, string b) in wide.Zip(narrow).Skip(1))
        {
            string[] one = a.Split(','), other = b.Split(',');
            Assert.Equal(one[status], other[status]);
            Assert.Equal(one[number].Length == 0, other[number].Length == 0);
            if (one[number].Length > 0)
            {
                double value = NumberText.Read<double>(one[number], column);
                Assert.InRange(NumberText.Read<double>(other[number], column), value - Math.Abs(Tolerance * value),
                    value + Math.Abs(Tolerance * value));
            }
        }
    }

    private static void Run(string off, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "sagitta.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (off.Length > 0)
        {
            start.Environment[off] = "0";
        }

        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
