using System.Globalization;
using Sagitta.Autodiff.Parallelism;
using Sagitta.Autodiff.Storage;
using Sagitta.Experiments.Progress;
using Sagitta.Physics.Events;
using Sagitta.Reconstruction.Metrics;
using Sagitta.Reconstruction.Tracks;

namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>
/// Counts the muons found among many simulated ones, block after block, so that only one block's hits are in memory. Methods: truth, classical, and
/// end-to-end with track search. An answer is kept as a file, and read where its recipe and models are the same.
/// </summary>
internal sealed class MuonEfficiencyRun(MuonChain chain, IReadOnlyList<MuonModel> models, string folder)
{
    private const int BlockSize = 5000;
    private const string EndToEnd = "end-to-end";

    /// <summary>What is counted at one flux; the events are those of no other sample.</summary>
    public MuonEfficiency Run(MuonFluxEvents sample, WorkerThreads threads, IRunProgress progress, CancellationToken stop)
    {
        (double flux, int events) = (sample.Background, sample.Events);
        string name = string.Create(CultureInfo.InvariantCulture, $"simulation-{flux:0.##}");
        MuonModel[] networks = [.. models.Where(m => m.Method == EndToEnd)];
        string key = string.Create(CultureInfo.InvariantCulture, $"{chain.Detector.Name} {flux:R} {events}; {string.Join(' ', networks.Select(MuonModelFile.Fingerprint))}");
        string path = Path.Combine(folder, name + ".npz");
        MuonEfficiency.Found[] methods =
        [
            new("truth", 0, new byte[events]),
            new("classical", 0, new byte[events]),
            .. networks.Select(m => new MuonEfficiency.Found(EndToEnd + MuonEvaluation.SearchSuffix, m.Experiment.Seed, new byte[events])),
        ];
        if (!TryRead(path, key, methods))
        {
            using IStageProgress stage = progress.Begin($"count muons found at {flux:0.##} kHz/cm2", events, "events");
            for (int first = 0; first < events; first += BlockSize)
            {
                stop.ThrowIfCancellationRequested();
                Count(flux, first, Math.Min(BlockSize, events - first), networks, methods, threads);
                stage.Advance(Math.Min(BlockSize, events - first));
            }

            Write(path, key, methods);
        }

        return new(name, flux, methods);
    }

    private void Count(double flux, int first, int count, MuonModel[] networks, MuonEfficiency.Found[] methods, WorkerThreads threads)
    {
        EventSet events = MuonSamples.Efficiency(chain.Detector, flux, first, count, threads);
        MuonEvaluation evaluation = new(chain, threads);
        Mark(methods[0], evaluation.Truth(events).Tracks);
        Mark(methods[1], evaluation.Classical(events).Tracks);
        for (int i = 0; i < networks.Length; i++)
        {
            Mark(methods[2 + i], evaluation.Search(networks[i], events));
        }

        void Mark(MuonEfficiency.Found found, TrackTable tracks)
        {
            TrackOutcome[] outcomes = tracks.Outcomes(events);
            for (int e = 0; e < outcomes.Length; e++)
            {
                found.Flags[first + e] = Math.Abs(outcomes[e].Residual) < ResolutionSummary.EfficientLimits * chain.Limit.Relative(outcomes[e].TruePt) ? (byte)1 : (byte)0;
            }
        }
    }

    private static bool TryRead(string path, string key, MuonEfficiency.Found[] methods)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using NpzReader reader = new(path);
        if (reader.ReadText("key") != key)
        {
            return false;
        }

        for (int i = 0; i < methods.Length; i++)
        {
            reader.Read<byte>(Entry(i), methods[i].Flags.Length).CopyTo(methods[i].Flags, 0);
        }

        return true;
    }

    private static void Write(string path, string key, MuonEfficiency.Found[] methods)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using NpzWriter writer = new(path, deflate: true);
        writer.AddText("key", key);
        for (int i = 0; i < methods.Length; i++)
        {
            writer.Add<byte>(Entry(i), methods[i].Flags);
        }

        writer.Commit();
    }

    private static string Entry(int method) => string.Create(CultureInfo.InvariantCulture, $"found_{method}");
}
