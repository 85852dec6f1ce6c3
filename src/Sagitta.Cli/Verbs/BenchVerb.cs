using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta bench": how fast this machine trains, reconstructs, simulates and fits.</summary>
internal static class BenchVerb
{
    private const double QuickSeconds = 0.05;

    /// <summary>The command.</summary>
    public static Command Create(IReadOnlyList<Func<int, double, BenchmarkGroup>> groups)
    {
        Option<string?> json = new("--json")
        {
            HelpName = "FILE",
            Description = "Write machine and figures there as JSON; - for standard output, instead of the table"
        };
        Option<bool> quick = new("--quick") { Description = "Seconds instead of a minute; figures are rough" };
        VerbCommand verb = new(
            "bench",
            "Measure the speed of the chains, their parts and the machine's peaks",
            "sagitta bench",
            "sagitta bench --json bench.json",
            "sagitta bench --quick --threads 1")
        {
            json, quick, SharedOptions.Threads,
        };
        verb.SetRun(run =>
        {
            BenchmarkSuite suite = new(groups, run.Threads);
            BenchmarkReport report = (run.Value(quick) ? suite with { Seconds = QuickSeconds } : suite).Run(run.Progress, run.Stop);
            string? file = run.Value(json);
            run.Output.Write(file == "-" ? report.ToJson() : report.Table());
            if (file is not null and not "-")
            {
                report.Write(file);
            }

            return 0;
        });
        return verb;
    }
}
