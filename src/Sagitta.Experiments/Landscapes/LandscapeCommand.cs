namespace Sagitta.Experiments.Landscapes;

/// <summary>"sagitta landscape" without its command line: analyses of trained models, one report, one summary, resumable.</summary>
internal static class LandscapeCommand
{
    /// <summary>Runs the analyses into a folder and returns what the user should know.</summary>
    public static string Run(LandscapeRequest request, string folder, RunSummary summary, IRunProgress progress, CancellationToken stop)
    {
        LandscapeOptions form = request.Quick ? LandscapeOptions.Quick : request.Full ? LandscapeOptions.Full : new();
        LandscapeOptions options = ConfigurationFile.Parse<LandscapeOptions>(ConfigurationFile.Write(form), "defaults", request.Settings);
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, "config.yaml"), ConfigurationFile.Write(options));
        using WorkerThreads threads = new(request.Threads);
        AnalysisStore store = new(Path.Combine(folder, "analyses"));
        LandscapeContext context = new(options, store, new(progress), threads, progress, RandomKey.FromSeed(request.Seed)
            .Split("landscape"), stop);
        if (request.System is "" or "calorimeter")
        {
            CalorimeterLandscape.Announce(context, request.Models);
        }

        if (request.System is "" or "muon")
        {
            MuonLandscape.Announce(context, request.Models);
        }

        LandscapeOutput output = new();
        bool any = request.System is "" or "calorimeter" && CalorimeterLandscape.Run(context, request.Models, output);
        any |= request.System is "" or "muon" && MuonLandscape.Run(context, request.Models, output);
        if (!any)
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
        ReportWriter.WriteFile(Path.Combine(folder, "report.html"), new("The landscape of the losses", blocks)
        {
            Subtitle = "Curvature, slices, paths between models, similarity and stability",
            Facts = output.Facts,
        });
        if (request.Publish is { } root)
        {
            LandscapePublication.Write(root, output.Published, request.Command);
        }

        return store.Reused > 0 ? string.Create(CultureInfo.InvariantCulture,
            $"{store.Reused} analyses were there already and were not done again\n") : "";
    }
}
