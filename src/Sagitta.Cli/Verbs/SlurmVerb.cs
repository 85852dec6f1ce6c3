using System.CommandLine;
using System.Text;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta slurm": a batch script for a run on a farm.</summary>
internal static class SlurmVerb
{
    private static readonly VerbOption<string[]> _command = VerbOption<string[]>.OfAll(
        "command", "The verb and its options as they would follow 'sagitta', after --", [],
        (IReadOnlyList<string> texts, out string[] values) =>
        {
            values = [.. texts];
            return Array.Find(values, text => text is "--mpi" or "--shard") is { } own ? $"{own} is added by the script; leave it out"
                : null;
        }) with
    { Required = true };

    private static readonly VerbOption<int> _nodes = VerbOption.Whole("--nodes", "N", "Machines", 1, 1, 100_000);
    private static readonly VerbOption<int> _tasks = VerbOption.Whole(
        "--tasks-per-node", "N", "Processes on each machine", 1, 1, 10_000);

    private static readonly VerbOption<int> _cpus = VerbOption.Whole("--cpus-per-task", "N", "Threads of each process", 1, 1, 1024);
    private static readonly VerbOption<string> _time = VerbOption.Text("--time", "H:MM:SS", "Longest time", "1:00:00");
    private static readonly VerbOption<string?> _memory = VerbOption.Text("--memory", "SIZE", "Memory of each machine, such as 16G");
    private static readonly VerbOption<string?> _partition = VerbOption.Text("--partition", "NAME", "Partition of the farm");
    private static readonly VerbOption<string> _name = VerbOption.Text("--job-name", "NAME", "Name of the job", "sagitta");
    private static readonly VerbOption<string[]> _modules = VerbOption.Texts(
        "--module", "NAME", "Module to load before the run; may be repeated");

    private static readonly VerbOption<int> _array = VerbOption.Whole(
        "--array", "N", "N jobs of one process each, which write a part with --shard, instead of one job with --mpi", 0, 1, 1_000_000) with
    { DefaultText = null };

    private static readonly VerbOption<string> _launcher = VerbOption.Text(
        "--launcher", "COMMAND", "What starts the processes of a job", "srun --mpi=pmi2");

    private static readonly VerbOption<string> _program = VerbOption.Text(
        "--program", "COMMAND", "How the machines call this program", "sagitta");

    private static readonly VerbOption<string?> _merged = VerbOption.Text(
        "--merge", "FILE", "Add the merge of that file, at the end of a job or as a job of its own after an array");

    /// <summary>The verb for commands of a root with all verbs, with examples of what these systems train and reconstruct.</summary>
    public static SystemVerb Of(IReadOnlyList<TrackingSystem> systems, Func<RootCommand> whole) => new(
        "slurm", "Write a Slurm batch script for any run, to standard output",
        [_command, _nodes, _tasks, _cpus, _time, _memory, _partition, _name, _modules, _array, _launcher, _program, _merged],
        run =>
        {
            run.Exclude(_array, _nodes);
            run.Exclude(_array, _tasks);
            run.Output.Write(Script(run, whole()));
            return 0;
        })
    {
        Examples =
        [
            .. ExamplesOf(systems, "train", "--nodes 4 --tasks-per-node 32 --time 8:00:00 --module mpich"),
            .. ExamplesOf(systems, "reconstruct", "--array 100 --merge tracks.csv"),
        ],
    };

    private static IEnumerable<string> ExamplesOf(IReadOnlyList<TrackingSystem> systems, string path, string options) =>
        systems.SelectMany(system => system.Verbs).Where(verb => verb.Path == path)
            .Select(verb => $"sagitta slurm {options} -- {verb.Examples[0]["sagitta ".Length..]}").Take(1);

    private static string Script(VerbRun run, RootCommand root)
    {
        bool array = run.Given(_array);
        string[] words = run.Value(_command);
        ParseResult parsed = root.Parse(words);
        if (parsed.Errors.Count > 0)
        {
            throw new UsageException($"{parsed.Errors[0].Message} (in the command of the script)");
        }

        Command verb = parsed.CommandResult.Command;
        bool Takes(VerbOption option) => verb.Options.Any(own => own.Name == option.Name);
        if (!Takes(array ? SharedOptions.Shard : SharedOptions.Mpi))
        {
            throw new UsageException(array ? $"jobs of an array can't share '{verb.Name}', which has no --shard; leave --array out"
                : $"several processes can't share '{verb.Name}', which has no --mpi");
        }

        StringBuilder script = new("#!/bin/bash\n");
        void Ask(string option, object? value) =>
            script.Append(CultureInfo.InvariantCulture, $"{(value is null ? "" : $"#SBATCH --{option}={value}\n")}");
        Ask("job-name", run.Value(_name));
        Ask("nodes", run.Value(_nodes));
        Ask("ntasks-per-node", run.Value(_tasks));
        Ask("cpus-per-task", run.Value(_cpus));
        Ask("time", run.Value(_time));
        Ask("mem", run.Value(_memory));
        Ask("partition", run.Value(_partition));
        Ask("array", array ? string.Create(CultureInfo.InvariantCulture, $"1-{run.Value(_array)}") : null);
        Ask("output", array ? "%x-%A-%a.log" : "%x-%j.log");

        // The program stops at the next safe place and leaves a checkpoint; the same script then goes on.
        Ask("signal", "TERM@60");
        script.Append("set -euo pipefail\n");

        // As much memory as a process fills before it looks what it still needs: little enough for the caches that processes share.
        script.Append("export DOTNET_GCgen0size=${DOTNET_GCgen0size:-0x1000000}\n");
        foreach (string module in run.Value(_modules))
        {
            script.Append(CultureInfo.InvariantCulture, $"module load {VerbCommand.Quoted(module)}\n");
        }

        string program = run.Value(_program);
        string command = $"{program} {string.Join(' ', words.Select(VerbCommand.Quoted))}";
        command += Takes(SharedOptions.Threads) && !words.Contains("--threads") ? " --threads \"${SLURM_CPUS_PER_TASK:-1}\"" : "";
        script.Append(array
            ? string.Create(CultureInfo.InvariantCulture, $"{command} --shard \"$SLURM_ARRAY_TASK_ID/{run.Value(_array)}\"\n")
            : $"{run.Value(_launcher)} {command} --mpi\n");
        if (run.Value(_merged) is { } file)
        {
            string merge = $"{program} merge {VerbCommand.Quoted(file)}";
            script.Append(array ? $"# After the array: sbatch --dependency=afterok:JOB --wrap=\"{merge}\"\n" : merge + "\n");
        }

        return script.ToString();
    }
}
