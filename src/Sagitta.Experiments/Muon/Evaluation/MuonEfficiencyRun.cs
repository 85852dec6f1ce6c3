namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>
/// Counts the muons found among many, block after block, so that only one block's hits are in memory. Methods: truth, classical, and
/// end-to-end with track search. An answer is kept as a file, and read where its recipe and models are the same.
/// </summary>
internal sealed class MuonEfficiencyRun(MuonChain chain, IReadOnlyList<MuonModel> models, string folder)
{
    private const int BlockSize = 2500;
    private const string EndToEnd = "end-to-end";

    /// <summary>What is counted in one sample.</summary>
    public MuonEfficiency Run(MuonCountedSample sample, WorkerThreads threads, IRunProgress progress, CancellationToken stop)
    {
        MuonModel[] networks = [.. models.Where(m => m.Method == EndToEnd)];
        string key = $"{sample.Recipe}; {string.Join(' ', networks.Select(MuonModelFile.Fingerprint))}";
        string path = Path.Combine(folder, sample.Name + ".npz");
        MuonEfficiency.Found[] methods =
        [
            new("truth", 0, new byte[sample.Events]),
            new("classical", 0, new byte[sample.Events]),
            .. networks.Select(m => new MuonEfficiency.Found(
                EndToEnd + MuonEvaluation.SearchSuffix, m.Experiment.Seed, new byte[sample.Events])),
        ];
        using IStageProgress stage = progress.Begin("count muons found in " + sample.Name, sample.Events, "events");
        if (TryRead(path, key, methods))
        {
            stage.Advance(sample.Events);
        }
        else
        {
            for (int overlay = 0; overlay < sample.Overlays; overlay++)
            {
                for (int first = 0; first < sample.Muons; first += BlockSize)
                {
                    stop.ThrowIfCancellationRequested();
                    int count = Math.Min(BlockSize, sample.Muons - first);
                    Count(sample.Load(overlay, first, count, threads), (overlay * sample.Muons) + first, networks, methods, threads);
                    stage.Advance(count);
                }
            }

            Write(path, key, methods);
        }

        return new(sample.Name, sample.Background, methods) { Overlays = sample.Overlays };
    }

    private void Count(EventSet events, int first, MuonModel[] networks, MuonEfficiency.Found[] methods, WorkerThreads threads)
    {
        MuonEvaluation evaluation = new(chain, threads);
        Mark(methods[0], evaluation.Truth(events).Tracks);
        Mark(methods[1], evaluation.Classical(events).Tracks);
        IReadOnlyList<TrackTable> found = chain.Search(networks, events.Hits, threads);
        for (int i = 0; i < networks.Length; i++)
        {
            Mark(methods[2 + i], found[i]);
        }

        void Mark(MuonEfficiency.Found method, TrackTable tracks)
        {
            TrackOutcome[] outcomes = tracks.Outcomes(events);
            for (int e = 0; e < outcomes.Length; e++)
            {
                method.Flags[first + e] = Math.Abs(outcomes[e].Residual) < ResolutionSummary.EfficientLimits * chain.Limit.Relative(
                    outcomes[e].TruePt) ? (byte)1 : (byte)0;
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
