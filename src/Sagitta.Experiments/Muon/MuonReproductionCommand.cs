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
            Geant4 = (request.Deposits ?? ShippedFile.Find("data/geant4-toy16/slice_hits.csv.gz"), request.Truth ?? ShippedFile.Find("data/geant4-toy16/slice_truth.csv.gz")),
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
}
