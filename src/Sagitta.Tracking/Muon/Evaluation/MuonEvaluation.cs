namespace Sagitta.Tracking.Muon.Evaluation;

/// <summary>Runs the methods over a sample and measures them, every attempted event counted.</summary>
internal sealed class MuonEvaluation
{
    /// <summary>Borders of the bins of true pT, GeV.</summary>
    public static readonly double[] PtBorders = [5, 10, 20, 35, 50, 75, 100];

    // Points closer than this look the same in any figure.
    private const double RocResolution = 5e-4;

    private readonly MuonChain _chain;
    private readonly TrackFinder _tracks;
    private readonly OutlierPlanes _outliers;
    private readonly TrackSearch _search;
    private readonly WorkerThreads _threads;

    /// <summary>An evaluation with the stages of <paramref name="chain"/>.</summary>
    public MuonEvaluation(MuonChain chain, WorkerThreads threads)
    {
        _chain = chain;
        _tracks = new(chain.Tracks);
        _outliers = new(chain.Tracks, chain.Classical);
        _search = new(chain.Tracks, chain.Classical, chain.Clusters);
        _threads = threads;
    }

    /// <summary>The labels as weights: what perfect classification would give.</summary>
    public MuonMethodResult Truth(EventSet events)
    {
        double[] weights = [.. events.LabelHit.Select(label => (double)label)];
        return Measure(MuonMethod.Truth, events, _tracks.Find(events, weights, _threads)) with { Weights = weights };
    }

    /// <summary>Segments found by a Hough transform, matched and fitted with removal of outliers: no network.</summary>
    public MuonMethodResult Classical(EventSet events)
    {
        double[] weights = new double[events.HitCount];
        ClassicalMethod[] methods = [.. Enumerable.Range(0, _threads.Count)
            .Select(_ => new ClassicalMethod(_chain.Detector, _chain.Classical, _chain.Clusters))];
        _threads.Run(events.Count, (e, worker) => methods[worker]
            .Select(events, e, weights.AsSpan(events.HitOffsets[e]..events.HitOffsets[e + 1])));
        foreach (ClassicalMethod method in methods)
        {
            method.Dispose();
        }

        HitSelection selection = new(events.HitPlane, weights, events.LabelHit, events.PlaneCount);
        return Measure(MuonMethod.Classical, events, _tracks.Find(events, weights, _threads)) with
        {
            HitEfficiency = selection.Efficiency,
            HitPurity = selection.Purity,
            PlaneEfficiency = selection.PlaneEfficiency.ToArray(),
            PlanePurity = selection.PlanePurity.ToArray(),
            Weights = weights,
        };
    }

    /// <summary>What the road centres alone say.</summary>
    public MuonMethodResult Road(EventSet events)
    {
        RoadEstimate estimate = new(_chain.Detector);
        TrackTable tracks = new(events.Count);
        for (int e = 0; e < events.Count; e++)
        {
            tracks.Status[e] = SolveStatus.Converged;
            tracks.QOverPt[e] = estimate.QOverPt(events.RoadCentre.AsSpan(e * events.StationCount, events.StationCount));
            tracks.QOverPtError[e] = estimate.Sigma;
        }

        return Measure(MuonMethod.Road, events, tracks);
    }

    /// <summary>A trained network in its chosen reading.</summary>
    public MuonMethodResult Network(MuonModel model, EventSet events)
    {
        SampleLogits logits = Logits(model.Parameters, events);
        RankedScores ranked = new(logits.Score, events.LabelHit);
        RocCurve roc = new(ranked, RocResolution);
        return Read(model, events, logits, model.Reading.Weights(logits.Weight)) with
        {
            Method = model.Method,
            Reading = model.Reading.Name,
            Auc = roc.Area,
            AveragePrecision = roc.AveragePrecision,
            Roc = roc,
            Influence = ScoreInfluence.Of(ranked, events.HitOffsets, roc),
        };
    }

    /// <summary>The scores of a result of <see cref="Network"/> once more, their planes cleaned of outliers as in the classical
    /// method.</summary>
    public MuonMethodResult WithOutlierRemoval(MuonModel model, MuonMethodResult result, EventSet events) =>
        Cleaned(model, result, events, HitCleaning.OutlierRemoval);

    /// <summary>
    /// The scores of a result of <see cref="Network"/> once more: of the hits, those of one track are kept (see <see cref="TrackSearch"/>),
    /// then planes are cleaned of outliers, in the reading that was chosen for such a fit.
    /// </summary>
    public MuonMethodResult WithTrackSearch(MuonModel model, MuonMethodResult result, EventSet events) =>
        Cleaned(model, result, events, HitCleaning.TrackSearch);

    /// <summary>
    /// The candidate reading of the logits of weights with the narrowest core of r / limit on <paramref name="validation"/>; the first of
    /// equal ones. The choice is made once, on simulated validation events, and kept for every test sample.
    /// </summary>
    public MuonReading ChooseReading(IEnumerable<MuonReading> candidates, float[] logits, EventSet validation, bool removeOutliers)
    {
        MuonReading? best = null;
        double narrowest = double.PositiveInfinity;
        foreach (MuonReading candidate in candidates)
        {
            double[] weights = candidate.Weights(logits);
            weights = removeOutliers ? _outliers.Without(validation, weights, _threads) : weights;
            double width = CoreWidth(validation, _tracks.Find(validation, weights, _threads));
            best ??= candidate;
            if (width < narrowest)
            {
                narrowest = width;
                best = candidate;
            }
        }

        return best ?? throw new ArgumentException("There is no reading to choose from.", nameof(candidates));
    }

    /// <summary>Tracks of all events with a trained network, without any truth.</summary>
    public TrackTable Reconstruct(MuonModel model, EventSet events)
    {
        TrackTable tracks = new(events.Count);
        MuonReconstruction[] workers = [.. Enumerable.Range(0, _threads.Count).Select(_ => new MuonReconstruction(_chain, model))];
        try
        {
            _threads.Run((events.Count + MuonReconstruction.MostEvents - 1) / MuonReconstruction.MostEvents, (chunk, worker) =>
            {
                int first = chunk * MuonReconstruction.MostEvents;
                workers[worker].Reconstruct(events, first, Math.Min(MuonReconstruction.MostEvents, events.Count - first), tracks);
            });
        }
        finally
        {
            foreach (MuonReconstruction worker in workers)
            {
                worker.Dispose();
            }
        }

        return tracks;
    }

    /// <summary>The same with the hits of one track alone, as in <see cref="WithTrackSearch"/>: slower, and surer where background makes
    /// segments.</summary>
    public TrackTable Search(MuonModel model, EventSet events) => Search([model], events)[0];

    /// <summary>The same for several models that differ in parameters and readings alone; what they share is done once.</summary>
    public IReadOnlyList<TrackTable> Search(IReadOnlyList<MuonModel> models, EventSet events)
    {
        IReadOnlyList<SampleLogits> logits = new HitScores(_chain.Scorer, _chain.Graphs).Logits(
            events, [.. models.Select(m => m.Parameters)], _threads);
        ScoredHits[] networks = [.. models.Zip(logits, (model, own) =>
            new ScoredHits(own.Score, ReadingOfCleaned(model).Weights(own.Weight)))];
        return [.. _search.Within(events, networks, _threads)
            .Select(within => _tracks.Find(events, _outliers.Without(events, within, _threads), _threads))];
    }

    /// <summary>Both logits of all hits.</summary>
    public SampleLogits Logits(ParameterVector<float> parameters, EventSet events) =>
        new HitScores(_chain.Scorer, _chain.Graphs).Logits(events, parameters, _threads);

    private MuonMethodResult Cleaned(MuonModel model, MuonMethodResult result, EventSet events, HitCleaning cleaning)
    {
        SampleLogits logits = result.Logits ?? throw new ArgumentException(
            "The result holds no logits: take one that Network returned.", nameof(result));
        return Read(model, events, logits, CleanedWeights(model, logits, events, cleaning == HitCleaning.TrackSearch)) with
        {
            Method = model.Method with { Cleaning = cleaning },
            Reading = ReadingOfCleaned(model).Name,
            Auc = result.Auc,
            AveragePrecision = result.AveragePrecision,
        };
    }

    private double[] CleanedWeights(MuonModel model, SampleLogits logits, EventSet events, bool search)
    {
        double[] weights = ReadingOfCleaned(model).Weights(logits.Weight);
        return _outliers.Without(events, search ? _search.Within(events, new ScoredHits(logits.Score, weights), _threads)
            : weights, _threads);
    }

    private static MuonReading ReadingOfCleaned(MuonModel model) => model.OutlierReading ?? model.Reading;

    private MuonMethodResult Read(MuonModel model, EventSet events, SampleLogits logits, double[] weights)
    {
        HitSelection selection = new(events.HitPlane, weights, events.LabelHit, events.PlaneCount);
        return Measure(model.Method, events, _tracks.Find(events, weights, _threads)) with
        {
            Seed = model.Experiment.Seed,
            HitEfficiency = selection.Efficiency,
            HitPurity = selection.Purity,
            PlaneEfficiency = selection.PlaneEfficiency.ToArray(),
            PlanePurity = selection.PlanePurity.ToArray(),
            Logits = logits,
            Weights = weights,
        };
    }

    private double CoreWidth(EventSet events, TrackTable tracks) =>
        ResolutionSummary.Of(tracks.Outcomes(events), _chain.Limit.Relative, []).CoreWidth;

    /// <summary>What follows from tracks and truth alone.</summary>
    public MuonMethodResult Measure(MuonMethod method, EventSet events, TrackTable tracks) => new()
    {
        Method = method,
        Resolution = ResolutionSummary.Of(tracks.Outcomes(events), _chain.Limit.Relative, PtBorders),
        Tracks = tracks,
    };
}
