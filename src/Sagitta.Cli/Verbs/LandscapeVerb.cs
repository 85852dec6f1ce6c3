using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta landscape": what the losses around trained models look like.</summary>
internal static class LandscapeVerb
{
    /// <summary>The command.</summary>
    public static Command Create(IReadOnlyList<LandscapeSystem> systems)
    {
        string[] names = [.. systems.Select(s => s.Name)];
        Argument<string?> system = new("system")
        {
            HelpName = string.Join('|', names),
            Description = "Which system (default: all)",
            Arity = ArgumentArity.ZeroOrOne
        };
        Option<bool> quick = new("--quick") { Description = "Under a minute: few small frames, coarse grids, to see that all works" };
        Option<bool> full = new("--full") { Description = "Hours: the published grids, all pairs of models, 1,000 steps a curve" };
        Option<string[]> models = new("--models")
        {
            HelpName = "PATH",
            Description = "Models, folders of runs or patterns; may be repeated (default: the shipped models)",
            Arity = ArgumentArity.OneOrMore
        };
        Option<string?> publish = new("--publish")
        {
            HelpName = "DIR",
            Description = "Root of a checkout: write what was found into its docs/landscape.md"
        };
        VerbCommand verb = new(
            "landscape",
            "Analyse trained models: curvature, slices of losses, paths between models, similarity, stability; goes on where it was "
                + "stopped",
            "sagitta landscape --out landscape",
            "sagitta landscape calorimeter --models run --out landscape",
            "sagitta landscape muon --quick --out out --set curvature.events=64")
        {
            system, quick, full, models, publish, SharedOptions.Seed, SharedOptions.Threads, SharedOptions.Out, SharedOptions.Summary,
                SharedOptions.Set,
        };
        verb.SetRun(run =>
        {
            string folder = run.Out ?? throw new UsageException("--out is missing; give --out DIR");
            string which = run.Value(system) ?? "";
            if (which.Length > 0 && !names.Contains(which))
            {
                throw new UsageException($"'{which}' is no system; give {string.Join(", ", names)} or nothing for all");
            }

            if (run.Value(quick) && run.Value(full))
            {
                throw new UsageException("--quick and --full exclude each other: give one of them");
            }

            LandscapeRequest request = new()
            {
                System = which,
                Quick = run.Value(quick),
                Full = run.Value(full),
                Models = run.Value(models) ?? [],
                Publish = run.Value(publish),
                Settings = run.Settings,
                Seed = run.Seed,
                Threads = run.Threads,
                Command = run.CommandLine,
            };
            run.Output.Write(LandscapeCommand.Run(systems, request, folder, run.Summary, run.Progress, run.Stop));
            run.WriteSummary();
            run.Output.WriteLine($"wrote {Path.Combine(folder, "report.html")} and {Path.Combine(folder, "summary.json")}");
            return 0;
        });
        return verb;
    }
}
