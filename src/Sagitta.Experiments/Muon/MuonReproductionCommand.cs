using Sagitta.Autodiff.Parallelism;
using Sagitta.Autodiff.Storage;
using Sagitta.Experiments.Configuration;
using Sagitta.Experiments.Progress;
using Sagitta.Experiments.Reports.Figures;
using Sagitta.Experiments.Runs;

namespace Sagitta.Experiments.Muon;

/// <summary>"sagitta reproduce muon" without its command line.</summary>
public static class MuonReproductionCommand
{
    private static readonly int[] _fixedPt = [5, 10, 30, 100];
    /// <summary>
    /// Runs the shipped experiment (its quick form if asked) into <paramref name="folder"/>, adds the "muon" section to
    /// <paramref name="summary"/>, writes report.html and returns the tables as text.
    /// </summary>
    public static string Run(MuonReproductionRequest request, string folder, RunSummary summary, IRunProgress progress, CancellationToken stop)
    {
        string file = request.Configuration ?? ShippedFile.Find(Path.Combine("experiments", request.Quick ? "muon-quick.yaml" : "muon.yaml"));
        MuonExperiment experiment = ConfigurationFile.Load<MuonExperiment>(file, request.Settings) with { Seed = request.Seed };
        using WorkerThreads threads = new(request.Threads);
        MuonReproductionOptions options = new()
        {
            Experiment = experiment,
            Seeds = request.Seeds ?? (request.Quick ? 1 : 5),
            Geant4 = Geant4Of(request, experiment.Detector),
        };
        MuonComparison comparison = new MuonReproduction(options, folder, threads, progress).Run(stop);
        string tables = MuonTable.Of(comparison);
        AtomicFile.WriteText(Path.Combine(folder, "config.yaml"), ConfigurationFile.Write(experiment));
        AtomicFile.WriteText(Path.Combine(folder, "tables.txt"), tables);
        MuonReport.Write(comparison, request, Path.Combine(folder, "report.html"));
        foreach (MuonSampleResult sample in comparison.Samples)
        {
            AtomicFile.WriteText(Path.Combine(folder, "figures", $"residuals-{sample.Name}.svg"), FigureWriter.WriteFile(MuonFigures.Residuals(comparison, sample).Figure));
            AtomicFile.WriteText(Path.Combine(folder, "figures", $"resolution-{sample.Name}.svg"), FigureWriter.WriteFile(MuonFigures.Resolution(sample).Figure));
        }

        summary.Sections["muon"] = MuonSummary.Of(comparison);
        return tables;
    }

    // Deposits exist of the default detector alone. The quick form stays with what is in the repository unless told otherwise.
    private static MuonGeant4Sample[] Geant4Of(MuonReproductionRequest request, string detector)
    {
        if (request.Deposits is not null && request.Truth is not null)
        {
            return [new("geant4", request.Deposits, request.Truth)];
        }

        if (detector != "toy16")
        {
            return [];
        }

        if (request.Data is not { } folder)
        {
            return [new("geant4", ShippedFile.Find("data/geant4-toy16/slice_hits.csv.gz"), ShippedFile.Find("data/geant4-toy16/slice_truth.csv.gz"))];
        }

        string Full(string name)
        {
            string path = Path.Combine(folder, "geant4-toy16", name);
            return File.Exists(path) ? path : throw new BadInputException($"'{path}'", "the file is not there", "give the folder that holds geant4-toy16/ref_hits.csv.gz, or leave --data and SAGITTA_DATA out");
        }

        return
        [
            new("geant4", Full("ref_hits.csv.gz"), Full("ref_truth.csv.gz")),
            .. _fixedPt.Select(pt => new MuonGeant4Sample($"geant4-{pt}GeV", Full($"fixed{pt}_hits.csv.gz"), Full($"fixed{pt}_truth.csv.gz")) { FirstEvent = 0, Backgrounds = [5] }),
        ];
    }
}
