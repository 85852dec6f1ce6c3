namespace Sagitta.Tests.Cli;

public sealed class SlurmVerbTests
{
    [Fact]
    public async Task A_job_of_several_processes_starts_them_with_mpi()
    {
        string[] script = await Script("--nodes", "2", "--tasks-per-node", "16", "--cpus-per-task", "2", "--module", "mpich", "--time",
            "8:00:00", "--", "train", "muon", "--config", "my experiment.yaml", "--out", "run");
        Assert.Equal("#!/bin/bash", script[0]);
        Assert.Subset(script.ToHashSet(StringComparer.Ordinal), new HashSet<string>
        {
            "#SBATCH --nodes=2", "#SBATCH --ntasks-per-node=16", "#SBATCH --cpus-per-task=2", "#SBATCH --time=8:00:00", "module load mpich",
            "export DOTNET_GCgen0size=${DOTNET_GCgen0size:-0x1000000}",
            "srun --mpi=pmi2 sagitta train muon --config 'my experiment.yaml' --out run --threads \"${SLURM_CPUS_PER_TASK:-1}\" --mpi",
        });
    }

    [Fact]
    public async Task An_array_writes_a_part_with_each_job()
    {
        string[] script = await Script("--array", "50", "--merge", "tracks.csv", "--program", "dotnet sagitta.dll", "--", "reconstruct",
            "muon",
            "tracks.csv", "--events", "events.npz", "--threads", "3");
        Assert.Contains("#SBATCH --array=1-50", script);
        Assert.Contains(
            "dotnet sagitta.dll reconstruct muon tracks.csv --events events.npz --threads 3 --shard \"$SLURM_ARRAY_TASK_ID/50\"",
            script);
        Assert.Contains(script, line => line.EndsWith("--wrap=\"dotnet sagitta.dll merge tracks.csv\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sweep grid.yaml --out sweep")]
    [InlineData("import muon events.npz --deposits hits.csv.gz --truth truth.csv.gz")]
    public async Task A_command_gets_the_options_that_it_has(string command)
    {
        string[] script = await Script(["--array", "5", "--", .. command.Split(' ')]);
        Assert.Contains($"sagitta {command} --shard \"$SLURM_ARRAY_TASK_ID/5\"", script);
    }

    [Theory]
    [InlineData("--array and --nodes exclude each other", "--array", "2", "--nodes", "2", "--", "train", "muon")]
    [InlineData("--mpi is added by the script", "--", "train", "muon", "--mpi")]
    [InlineData("command", "--nodes", "2")]
    [InlineData("which has no --shard", "--array", "2", "--", "train", "muon", "--config", "mine.yaml", "--out", "run")]
    [InlineData("which has no --mpi", "--", "inspect", "toy16.yaml")]
    [InlineData("(in the command of the script)", "--", "trian", "muon")]
    public async Task What_does_not_fit_is_told(string message, params string[] arguments)
    {
        using StringWriter error = new();
        Assert.Equal(2, await SagittaCommand.RunAsync(["slurm", .. arguments], TextWriter.Null, error));
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--shard 0/4", "is no part; give one such as 3/8")]
    [InlineData("--shard 5/4", "is no part; give one such as 3/8")]
    [InlineData("--parts 4", "--parts belongs to --mpi")]
    public async Task Shares_that_make_no_sense_are_told(string option, string message)
    {
        using StringWriter error = new();
        Assert.Equal(2, await SagittaCommand.RunAsync(["simulate", "muon", "never.npz", .. option.Split(' ')], TextWriter.Null, error));
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<string[]> Script(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Assert.Equal(0, await SagittaCommand.RunAsync(["slurm", .. arguments], output, error));
        Assert.Equal("", error.ToString());
        return output.ToString().Split('\n');
    }
}
