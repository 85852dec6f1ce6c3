namespace Sagitta.Tracking.Calorimeter;

/// <summary>Reconstructs many frames on several threads; results stand in the order of the frames.</summary>
internal sealed class CalorimeterEvaluation : IDisposable
{
    private static readonly double[] _bends = [0.03, 0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4];
    private static readonly double[] _prices = [double.PositiveInfinity, 0.998, 0.995, 0.99, 0.98, 0.95, 0.9, 0.8];
    private readonly WorkerThreads _threads;
    private readonly CalorimeterChain[] _workers;
    private readonly Ranks _ranks;

    /// <summary>An evaluation on these threads, and with other processes (null for none) that share out the frames; each has all
    /// results.</summary>
    public CalorimeterEvaluation(WorkerThreads threads, Ranks? ranks = null)
    {
        _ranks = ranks ?? Ranks.Alone;
        _threads = threads;
        _workers = [.. Enumerable.Range(0, threads.Count).Select(_ => new CalorimeterChain())];
    }

    /// <summary>Frames reconstructed by a model.</summary>
    public IReadOnlyList<FrameResult> Run(CalorimeterModel model, IReadOnlyList<CalorimeterFrame> frames) =>
        Run(frames, (worker, frame) => worker.Compare(frame, worker.Reconstruct(frame, model)));

    /// <summary>Frames reconstructed one after another, each normalised by its own moments, which then move the model's running averages:
    /// what the published code looks at to choose a checkpoint.</summary>
    public IReadOnlyList<FrameResult> RunWithBatchStatistics(CalorimeterModel model, IReadOnlyList<CalorimeterFrame> frames)
    {
        SegmentMoments moments = model.Network.CreateMoments();
        FrameResult[] results = new FrameResult[frames.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = _workers[0].Compare(frames[i], _workers[0].Reconstruct(frames[i], model, moments));
            model.Network.Absorb(model.Parameters, moments);
        }

        return results;
    }

    /// <summary>Frames reconstructed by the follower with this largest bend.</summary>
    public IReadOnlyList<FrameResult> Run(double largestBend, CalorimeterExperiment experiment, IReadOnlyList<CalorimeterFrame> frames) =>
        Run(frames, (worker, frame) => worker.Compare(
            frame, worker.Reconstruct(frame, new NearestAngleFollower { LargestBend = largestBend }, experiment)));

    /// <summary>The largest bend with the highest product of purity and efficiency on validation frames.</summary>
    public double Tune(CalorimeterExperiment experiment, IReadOnlyList<CalorimeterFrame> frames) => _bends.MaxBy(bend =>
    {
        CalorimeterMetrics metrics = new(Run(bend, experiment, frames));
        return metrics.Purity * metrics.Efficiency;
    });

    /// <summary>The price for unassigned hits with the highest product of purity and efficiency on validation frames; infinite if none is
    /// best.</summary>
    public double TunePrice(CalorimeterModel model, IReadOnlyList<CalorimeterFrame> frames) => _prices.MaxBy(price =>
    {
        using CalorimeterModel priced = model.WithPrice(price);
        CalorimeterMetrics metrics = new(Run(priced, frames));
        return metrics.Purity * metrics.Efficiency;
    });

    /// <summary>What is made of each frame.</summary>
    public TResult[] Run<TResult>(IReadOnlyList<CalorimeterFrame> frames, Func<CalorimeterChain, CalorimeterFrame, TResult> reconstruct)
    {
        TResult[] results = new TResult[frames.Count];
        (int first, int count) = _ranks.ShareOf(frames.Count).GetOffsetAndLength(frames.Count);
        _threads.Run(count, (chunk, worker) => results[first + chunk] = reconstruct(_workers[worker], frames[first + chunk]));
        _ranks.GatherShares(results);
        return results;
    }

    public void Dispose()
    {
        foreach (CalorimeterChain worker in _workers)
        {
            worker.Dispose();
        }
    }
}
