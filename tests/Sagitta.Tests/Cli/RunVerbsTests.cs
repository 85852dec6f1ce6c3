namespace Sagitta.Tests.Cli;

public sealed class RunVerbsTests
{
    [Fact]
    public async Task Runs_are_compared_by_what_differs_and_what_came_of_it()
    {
        using TemporaryFolder folder = new();
        Write(folder, "a", "training:\n  epochs: 3\n  rate: 0.1\n", "step,loss\n1,0.5\n2,0.25\n");
        Write(folder, "b", "training:\n  epochs: 3\n  rate: 0.2\n", "step,loss\n1,0.75\n2,nan\n");
        string page = folder.File("runs.html");
        (int code, string output, string error) = await Run("runs", folder.File("a"), folder.File("b"), "--page", page);
        Assert.Equal((0, ""), (code, error));
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Matches("^Run +training.rate +step +loss$", lines[0]);
        Assert.Matches("a +0.1 +2 +0.25$", lines[1]);
        Assert.Matches("b +0.2 +2 +-$", lines[2]);
        string html = await File.ReadAllTextAsync(page);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
        Assert.Contains("training.rate", html, StringComparison.Ordinal);
        Assert.DoesNotContain("training.epochs", html, StringComparison.Ordinal);
        (code, _, error) = await Run("runs", folder.File("nothing"));
        Assert.Equal(2, code);
        Assert.Contains("there is no run", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_runs_each_combination_once_and_goes_on_where_it_was()
    {
        using TemporaryFolder folder = new();
        string grid = folder.File("grid.yaml"), sweep = folder.File("sweep");
        string configuration = folder.File("quick.yaml");
        File.Copy(TestData.InRepository("experiments", "muon-quick.yaml"), configuration);
        string command = $"train muon --config \"{configuration}\" --threads 1 --set data.training=32 --set data.validation=16 --set "
            + "training.epochs=1";
        await File.WriteAllTextAsync(grid, $"command: {command}\ngrid:\n  training.learningRate: [0.001, 0.003]\n");
        (int code, string output, string error) = await Run("sweep", grid, "--out", sweep);
        Assert.True(code == 0, error);
        Assert.Contains("training.learningRate", output, StringComparison.Ordinal);
        string[] runs = [.. Directory.GetDirectories(sweep).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];
        Assert.Equal(["learningRate=0.001", "learningRate=0.003"], runs);
        Assert.True(File.Exists(Path.Combine(sweep, "report.html")));

        // A run that is not finished runs again, the other does not.
        File.Delete(Path.Combine(sweep, runs[0], ".sagitta-finished"));
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(sweep, runs[1], "model.safetensors"));
        (code, string again, error) = await Run("sweep", grid, "--out", sweep);
        Assert.True(code == 0, error);
        Assert.Contains("learningRate=0.003: done before", error, StringComparison.Ordinal);
        Assert.DoesNotContain("learningRate=0.001: done before", error, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(sweep, runs[1], "model.safetensors")));
        Assert.EndsWith(await File.ReadAllTextAsync(Path.Combine(sweep, "table.txt")), again, StringComparison.Ordinal);

        // So does one whose configuration was altered since.
        await File.AppendAllTextAsync(configuration, "# altered\n");
        (_, _, error) = await Run("sweep", grid, "--out", sweep);
        Assert.DoesNotContain("done before", error, StringComparison.Ordinal);
        (_, _, error) = await Run("sweep", grid, "--out", sweep);
        Assert.Equal(2, error.Split("done before").Length - 1);

        // Jobs of an array do some combinations each; the last one compares.
        string jobs = folder.File("jobs");
        (code, output, error) = await Run("sweep", grid, "--out", jobs, "--shard", "2/2");
        Assert.True(code == 0, error);
        Assert.Equal(runs[1..], Directory.GetDirectories(jobs).Select(d => Path.GetFileName(d)));
        Assert.Contains("1 of 2 combinations belong to parts that have not ended", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(jobs, "table.txt")));
        Assert.Equal(0, (await Run("sweep", grid, "--out", jobs, "--shard", "1/2")).Code);
        string table = await File.ReadAllTextAsync(Path.Combine(jobs, "table.txt"));
        foreach (string point in runs)
        {
            Assert.Contains(point, table, StringComparison.Ordinal);
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(sweep, point, "model.safetensors")),
                await File.ReadAllBytesAsync(Path.Combine(jobs, point, "model.safetensors")));
        }

        await File.WriteAllTextAsync(grid, "command: trian\ngrid:\n  a: [1]\n");
        Assert.Equal(2, (await Run("sweep", grid, "--out", folder.File("other"))).Code);
        await File.WriteAllTextAsync(grid, "command: train\n");
        Assert.Contains("nothing to vary", (await Run("sweep", grid, "--out", folder.File("other"))).Error, StringComparison.Ordinal);
    }

    private static void Write(TemporaryFolder folder, string name, string configuration, string metrics)
    {
        Directory.CreateDirectory(folder.File(name));
        File.WriteAllText(folder.File(name + "/config.yaml"), configuration);
        File.WriteAllText(folder.File(name + "/metrics.csv"), metrics);
    }

    private static async Task<(int Code, string Output, string Error)> Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = await SagittaCommand.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
