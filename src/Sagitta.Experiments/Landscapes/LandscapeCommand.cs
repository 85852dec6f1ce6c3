namespace Sagitta.Experiments.Landscapes;

/// <summary>"sagitta landscape" without its command line: analyses of trained models, one report, one summary, resumable.</summary>
internal static class LandscapeCommand
{
    /// <summary>Runs the analyses into a folder and returns what the user should know.</summary>
    public static string Run(IEnumerable<LandscapeSystem> systems, LandscapeRequest request, string folder, RunSummary summary,
        IRunProgress progress, CancellationToken stop)
    {
        LandscapeOptions form = request.Quick ? LandscapeOptions.Quick : request.Full ? LandscapeOptions.Full : new();
        LandscapeOptions options = ConfigurationFile.Parse<LandscapeOptions>(ConfigurationFile.Write(form), "defaults", request.Settings);
        bool writes = request.Ranks.IsFirst;
        if (writes)
        {
            AtomicFile.WriteText(Path.Combine(folder, "config.yaml"), ConfigurationFile.Write(options));
        }

        using WorkerThreads threads = new(request.Threads);
        AnalysisStore store = new(Path.Combine(folder, "analyses"), request.Ranks);
        LandscapeContext context = new(options, store, new(progress), threads, progress, RandomKey.FromSeed(request.Seed)
            .Split("landscape"), stop)
        { Ranks = request.Ranks };
        LandscapeOutput output = new();
        List<LandscapeStudy> studies = [];
        try
        {
            foreach (LandscapeSystem system in systems.Where(s => request.System.Length == 0 || s.Name == request.System))
            {
                if (system.Open(context, request.Models) is { } study)
                {
                    studies.Add(study);
                    study.Announce();
                }
            }

            foreach (LandscapeStudy study in studies)
            {
                study.Run(output);
            }
        }
        finally
        {
            studies.ForEach(study => study.Dispose());
        }

        if (studies.Count == 0)
        {
            throw new BadInputException(
                request.Models.Count > 0 ? $"--models {string.Join(' ', request.Models)}" : "the shipped models",
                request.System.Length > 0 ? $"there is no {request.System} model" : "there is no model",
                "give a folder of runs that 'sagitta reproduce' made");
        }

        summary.Sections["landscape"] = output.Summary;
        List<Block> blocks = output.Blocks;
        blocks.Add(new Heading("How this was made"));
        blocks.Add(new Code(request.Command));
        blocks.Add(new Paragraph("docs/landscape.md explains every quantity."));
        blocks.Add(new Details("All options", [new Code(ConfigurationFile.Write(options))]));
        if (!writes)
        {
            return "";
        }

        ReportWriter.WriteFile(Path.Combine(folder, "report.html"), new("The landscape of the losses", blocks)
        {
            Subtitle = "Curvature, slices, paths between models, similarity and stability",
            Facts = output.Facts,
        });
        if (request.Publish is { } root)
        {
            foreach ((string system, List<Block> found) in output.Published)
            {
                LandscapePublication.Write(root, system, found, request.Command);
            }
        }

        return store.Reused > 0 ? string.Create(CultureInfo.InvariantCulture,
            $"{store.Reused} analyses were there already and were not done again\n") : "";
    }
}

/// <summary>What a user asks of "sagitta landscape".</summary>
internal sealed record LandscapeRequest
{
    /// <summary>Name of a system, or empty for all.</summary>
    public string System { get; init; } = "";
    /// <summary>The short form.</summary>
    public bool Quick { get; init; }
    /// <summary>The long form.</summary>
    public bool Full { get; init; }
    /// <summary>Files, folders or patterns of models; the shipped ones without any.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];
    public IReadOnlyList<string> Settings { get; init; } = [];
    /// <summary>Seed of directions, probes and drawn points.</summary>
    public ulong Seed { get; init; } = 1;
    public int Threads { get; init; } = 1;
    /// <summary>Processes that share out the points of grids and paths.</summary>
    public Ranks Ranks { get; init; } = Ranks.Alone;
    /// <summary>Root of a checkout whose docs/landscape.md gets the findings; null for none.</summary>
    public string? Publish { get; init; }
    /// <summary>The command line, for the report.</summary>
    public string Command { get; init; } = "sagitta landscape";
}
