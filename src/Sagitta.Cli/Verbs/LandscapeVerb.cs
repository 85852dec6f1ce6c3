namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta landscape": what the losses around trained models look like, of one system or of all that have trained
/// models.</summary>
internal static class LandscapeVerb
{
    private static readonly VerbOption<bool> _quick =
        VerbOption.Flag("--quick", "Under a minute: few small samples, coarse grids, to see that all works");

    private static readonly VerbOption<bool> _full =
        VerbOption.Flag("--full", "Hours: the published grids, all pairs of models, 1,000 steps a curve");

    private static readonly VerbOption<string[]> _models =
        VerbOption.Texts("--models", "PATH", "Models, folders of runs or patterns; may be repeated (default: the shipped models)");

    private static readonly VerbOption<string?> _publish =
        VerbOption.Text("--publish", "DIR", "Root of a checkout: write what was found into its docs/landscape.md") with
        { IsWritten = true };

    /// <summary>The verb for these systems.</summary>
    public static SystemVerb Of(IReadOnlyList<TrackingSystem> all)
    {
        LandscapeSystem[] systems = [.. all.Select(s => s.Landscape).OfType<LandscapeSystem>()];
        VerbOption<string> system = VerbOption.Argument("system", "Which system (default: all)") with
        {
            Required = false,
            HelpName = string.Join('|', systems.Select(s => s.Name)),
        };
        return new(
            "landscape",
            "Analyse trained models: curvature, slices of losses, paths between models, similarity, stability; goes on where it was "
                + "stopped",
            [system, _quick, _full, _models, _publish, SharedOptions.Seed, SharedOptions.Threads, SharedOptions.Out, SharedOptions.Summary,
                SharedOptions.Set, SharedOptions.Mpi],
            run => Run(run, systems, run.Value(system)))
        {
            Examples =
            [
                "sagitta landscape --out landscapes",
                .. systems.Select(s => $"sagitta landscape {s.Name} --quick --models run --out landscape-{s.Name}"),
            ],
            Resumes = true,
        };
    }

    private static int Run(VerbRun run, IReadOnlyList<LandscapeSystem> systems, string which)
    {
        if (which.Length > 0 && systems.All(s => s.Name != which))
        {
            throw new UsageException($"'{which}' is no system; give {string.Join(", ", systems.Select(s => s.Name))} or nothing for all");
        }

        run.Exclude(_quick, _full);
        LandscapeRequest request = new()
        {
            System = which,
            Quick = run.Value(_quick),
            Full = run.Value(_full),
            Models = run.Value(_models),
            Publish = run.Value(_publish),
            Settings = run.Settings,
            Seed = run.Seed,
            Threads = run.Threads,
            Command = run.CommandLine,
            Ranks = run.Ranks,
        };
        string folder = run.Folder;
        run.Output.Write(LandscapeCommand.Run(systems, request, folder, run.Summary, run.Progress, run.Stop));
        run.WriteSummary();
        run.Output.WriteLine($"wrote {Path.Combine(folder, "report.html")} and {Path.Combine(folder, "summary.json")}");
        return 0;
    }
}
