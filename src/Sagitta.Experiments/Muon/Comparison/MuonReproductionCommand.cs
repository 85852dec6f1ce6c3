using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Muon.Comparison;

/// <summary>"sagitta reproduce muon" without its command line.</summary>
internal static class MuonReproductionCommand
{
    private static readonly int[] _fixedPt = [5, 10, 30, 100];

    /// <summary>The experiment file of a run that names none.</summary>
    public static string ShippedExperiment(bool quick) =>
        ShippedFile.Find(Path.Combine("experiments", quick ? "muon-quick.yaml" : "muon-measured.yaml"));

    /// <summary>Runs an experiment into <paramref name="folder"/>, adds the "muon" section to <paramref
    /// name="summary"/>, writes report.html, results.md, tables and figures, and returns the tables as text.</summary>
    public static string Run(MuonReproductionRequest request, string folder, RunSummary summary, IRunProgress progress,
        CancellationToken stop)
    {
        MuonExperiment experiment = request.Experiment;
        using WorkerThreads threads = new(request.Threads);
        MuonReproductionOptions options = new()
        {
            Experiment = experiment,
            Seeds = request.Seeds ?? (request.Quick ? 1 : 5),
            Geant4 = Geant4Of(request, experiment.Detector),
        };
        Lazy<MuonComparison> headline = new(() => new MuonReproduction(options, folder, threads, progress)
            .Run(stop), LazyThreadSafetyMode.None);
        MuonStudyContext context = new(options, folder, Math.Min(options.Seeds, request.StudySeeds), headline, threads, progress, stop);
        if (request.Only is { } name)
        {
            MuonStudyResult only = MuonStudies.Named(name).Answer(context);
            summary.Sections["study"] = only.ToJson();
            return only.ToString();
        }

        MuonComparison comparison = headline.Value;
        string tables = MuonTable.Of(comparison);
        AtomicFile.WriteText(Path.Combine(folder, "config.yaml"), ConfigurationFile.Write(experiment));
        AtomicFile.WriteText(Path.Combine(folder, "tables.txt"), tables);

        // The headline is written before studies begin, and again with them.
        Write(comparison, Known(context), request, folder);
        List<MuonStudyResult> studies = [.. MuonStudies.All
            .Select(s => request.Full || (!s.Trains && !request.Quick) ? s.Answer(context) : s.ReadAnswer(context))
            .OfType<MuonStudyResult>()];
        Write(comparison, studies, request, folder);
        MuonPublication.WriteFigures(Path.Combine(folder, "figures"), comparison, onlyScan: false);
        if (request.Publish is { } root)
        {
            MuonPublication.Write(root, comparison, studies, request.Command);
        }

        JsonObject section = MuonSummary.Of(comparison);
        if (studies.Count > 0)
        {
            section["studies"] = new JsonObject(studies.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)s.ToJson())));
        }

        summary.Sections["muon"] = section;
        return tables + string.Concat(studies.Select(s => "\n" + s));
    }

    private static MuonStudyResult[] Known(MuonStudyContext context) =>
        [.. MuonStudies.All.Select(s => s.ReadAnswer(context)).OfType<MuonStudyResult>()];

    private static void Write(MuonComparison comparison, IReadOnlyList<MuonStudyResult> studies, MuonReproductionRequest request,
        string folder)
    {
        MuonReport.Write(comparison, studies, request, Path.Combine(folder, "report.html"));
        AtomicFile.WriteText(Path.Combine(folder, "results.md"), MuonMarkdown.Document(comparison, studies, request.Command));
    }

    // Deposits exist of the default detector alone, whatever its readout. The quick form stays with what is in the repository unless told
    // otherwise.
    private static MuonGeant4Sample[] Geant4Of(MuonReproductionRequest request, string detector)
    {
        if (request.Deposits is not null && request.Truth is not null)
        {
            return [new("geant4", request.Deposits, request.Truth)];
        }

        if (detector is not ("toy16" or "toy16-measured"))
        {
            return [];
        }

        if (request.Data is not { } folder)
        {
            return [new("geant4", ShippedFile.Find("data/geant4-toy16/slice_hits.csv.gz"),
                ShippedFile.Find("data/geant4-toy16/slice_truth.csv.gz"))];
        }

        string Full(string name)
        {
            string path = Path.Combine(folder, "geant4-toy16", name);
            return File.Exists(path) ? path : throw new BadInputException(
                $"'{path}'", "the file is not there",
                "give the folder that holds geant4-toy16/ref_hits.csv.gz, or leave --data and SAGITTA_DATA out");
        }

        return
        [
            new("geant4", Full("ref_hits.csv.gz"), Full("ref_truth.csv.gz")),
            .. _fixedPt.Select(pt => new MuonGeant4Sample(
                $"geant4-{pt}GeV", Full($"fixed{pt}_hits.csv.gz"), Full($"fixed{pt}_truth.csv.gz")) { FirstEvent = 0, Backgrounds = [5] }),
        ];
    }
}

/// <summary>What the user asked of "reproduce muon".</summary>
internal sealed record MuonReproductionRequest
{
    /// <summary>What to run; its seed is the first.</summary>
    public required MuonExperiment Experiment { get; init; }
    /// <summary>The short form: minutes, one seed.</summary>
    public bool Quick { get; init; }
    /// <summary>With all studies, those that train included.</summary>
    public bool Full { get; init; }
    /// <summary>Name of the one study to answer; null for the whole.</summary>
    public string? Only { get; init; }
    /// <summary>Most seeds of studies that train.</summary>
    public int StudySeeds { get; init; } = 3;
    /// <summary>Root of a checkout whose README.md and docs get the results; null for none.</summary>
    public string? Publish { get; init; }
    /// <summary>Number of seeds; null for one (quick) or five.</summary>
    public int? Seeds { get; init; }
    public int Threads { get; init; } = 1;
    /// <summary>Folder with the full Geant4 samples; null for the shipped slice.</summary>
    public string? Data { get; init; }
    /// <summary>Geant4 deposits instead of either.</summary>
    public string? Deposits { get; init; }
    public string? Truth { get; init; }
    /// <summary>The command as it was given, for the report.</summary>
    public string Command { get; init; } = "";
}
