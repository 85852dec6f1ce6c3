namespace Sagitta.Tracking.Muon.Evaluation;

/// <summary>Runs the methods over a sample and measures them, every attempted event counted.</summary>
internal sealed class MuonEvaluation
{
    /// <summary>Borders of the bins of true pT, GeV.</summary>
    public static readonly double[] PtBorders = [5, 10, 20, 35, 50, 75, 100];

    // Points closer than this look the same in any figure.
    private const double RocResolution = 5e-4;

    private readonly MuonChain _chain;
    private readonly WorkerThreads _threads;

    /// <summary>An evaluation with the stages of <paramref name="chain"/>.</summary>
    public MuonEvaluation(MuonChain chain, WorkerThreads threads)
    {
        _chain = chain;
        _threads = threads;
    }

    /// <summary>Processes that share out the events; each has all results.</summary>
    public Ranks Ranks { get; init; } = Ranks.Alone;

    /// <summary>What truth and classical method measure planes with: a network's; null for centroids as they are.</summary>
    public MeasurementModel? Measurement { get; init; }

    /// <summary>The labels as weights: what perfect classification would give.</summary>
    public MuonMethodResult Truth(EventSet events)
    {
        double[] weights = [.. events.LabelHit.Select(label => (double)label)];
        return Measure(MuonMethod.Truth, events, Find(events.Hits, weights, Measurement)) with
        {
            Weights = weights,
        };
    }

    /// <summary>Segments found by a Hough transform, matched and fitted with removal of outliers: no network.</summary>
    public MuonMethodResult Classical(EventSet events) =>
        Selected(MuonMethod.Classical, events, OfHits(events.Hits, (hits, _) => _chain.ClassicalWeights(hits, _threads)), Measurement);

    /// <summary>What the road centres alone say.</summary>
    public MuonMethodResult Road(EventSet events)
    {
        RoadEstimate estimate = new(_chain.Detector);
        TrackTable tracks = new(events.Count);
        for (int e = 0; e < events.Count; e++)
        {
            tracks.Status[e] = SolveStatus.Converged;
            tracks.QOverPt[e] = estimate.QOverPt(events.Hits.RoadsOf(e));
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
        return Selected(model.Method, events, model.Reading.Weights(logits.Weight), model.Measurement) with
        {
            Seed = model.Experiment.Seed,
            Logits = logits,
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

    /// <summary>The weights of a result once more, clusters as they are: what its measurement stage gives is the difference.</summary>
    public MuonMethodResult WithoutStage(MuonMethodResult result, EventSet events) => Selected(
        result.Method with { WithoutStage = true }, events,
        result.Weights ?? throw new ArgumentException("The result holds no weights.", nameof(result)), null) with
    {
        Seed = result.Seed,
        Reading = result.Reading,
        Auc = result.Auc,
        AveragePrecision = result.AveragePrecision,
    };

    /// <summary>
    /// The candidate reading of the logits of weights with the narrowest core of r / limit on <paramref name="validation"/>; the first of
    /// equal ones. The choice is made once, on simulated validation events, and kept for every test sample.
    /// </summary>
    public MuonReading ChooseReading(IEnumerable<MuonReading> candidates, float[] logits, EventSet validation, bool removeOutliers,
        MeasurementModel? measurement = null)
    {
        MuonReading? best = null;
        double narrowest = double.PositiveInfinity;
        foreach (MuonReading candidate in candidates)
        {
            double[] weights = candidate.Weights(logits);
            weights = removeOutliers ? WithoutOutliers(validation.Hits, weights, measurement) : weights;
            TrackTable tracks = Find(validation.Hits, weights, measurement);
            double width = ResolutionSummary.Of(tracks.Outcomes(validation), _chain.Limit.Relative, []).CoreWidth;
            best ??= candidate;
            if (width < narrowest)
            {
                narrowest = width;
                best = candidate;
            }
        }

        return best ?? throw new ArgumentException("There is no reading to choose from.", nameof(candidates));
    }

    /// <summary>Both logits of all hits.</summary>
    public SampleLogits Logits(ParameterVector<float> parameters, EventSet events)
    {
        if (Ranks.IsAlone)
        {
            return _chain.Logits(events.Hits, [parameters], _threads)[0];
        }

        (float Score, float Weight)[] both = OfHits(events.Hits, (hits, _) =>
        {
            SampleLogits own = _chain.Logits(hits, [parameters], _threads)[0];
            return own.Score.Zip(own.Weight).ToArray();
        });
        return new([.. both.Select(logits => logits.Score)], [.. both.Select(logits => logits.Weight)]);
    }

    /// <summary>What follows from tracks and truth alone.</summary>
    public MuonMethodResult Measure(MuonMethod method, EventSet events, TrackTable tracks) => new()
    {
        Method = method,
        Resolution = ResolutionSummary.Of(tracks.Outcomes(events), _chain.Limit.Relative, PtBorders),
        Tracks = tracks,
    };

    private MuonMethodResult Cleaned(MuonModel model, MuonMethodResult result, EventSet events, HitCleaning cleaning)
    {
        SampleLogits logits = result.Logits ?? throw new ArgumentException(
            "The result holds no logits: take one that Network returned.", nameof(result));
        double[] weights = model.ReadingOfCleaned.Weights(logits.Weight);
        weights = cleaning == HitCleaning.TrackSearch ? OfHits(events.Hits, (hits, own) =>
            _chain.WithinTrack(hits, new(logits.Score[own], weights[own]), _threads)) : weights;
        return Selected(model.Method with { Cleaning = cleaning }, events,
            WithoutOutliers(events.Hits, weights, model.Measurement), model.Measurement) with
        {
            Seed = model.Experiment.Seed,
            Logits = logits,
            Reading = model.ReadingOfCleaned.Name,
            Auc = result.Auc,
            AveragePrecision = result.AveragePrecision,
        };
    }

    private double[] WithoutOutliers(HitSet all, double[] weights, MeasurementModel? measurement) =>
        OfHits(all, (hits, own) => _chain.Finder.WithoutOutliers(hits, weights[own], _threads, measurement));

    private TrackTable Find(HitSet all, double[] weights, MeasurementModel? measurement)
    {
        if (Ranks.IsAlone)
        {
            return _chain.Finder.Find(all, weights, _threads, measurement);
        }

        (int first, int count) = Ranks.ShareOf(all.Count).GetOffsetAndLength(all.Count);
        return _chain.Finder.Find(all.Slice(first, count), weights[all.Offsets[first]..all.Offsets[first + count]], _threads, measurement)
            .Gathered(Ranks, all.Count);
    }

    // A value for each hit, each rank told its share of the events and where their hits stand among all.
    private T[] OfHits<T>(HitSet all, Func<HitSet, Range, T[]> find)
        where T : unmanaged
    {
        if (Ranks.IsAlone)
        {
            return find(all, ..);
        }

        (int first, int count) = Ranks.ShareOf(all.Count).GetOffsetAndLength(all.Count);
        Range hits = all.Offsets[first]..all.Offsets[first + count];
        T[] values = new T[all.HitCount];
        find(all.Slice(first, count), hits).CopyTo(values, hits.Start.Value);
        Ranks.GatherShares<T>(values, all.Count, e => all.Offsets[e]);
        return values;
    }

    private MuonMethodResult Selected(MuonMethod method, EventSet events, double[] weights, MeasurementModel? measurement)
    {
        HitSelection selection = new(events.HitPlane, weights, events.LabelHit, events.PlaneCount);
        return Measure(method, events, Find(events.Hits, weights, measurement)) with
        {
            HitEfficiency = selection.Efficiency,
            HitPurity = selection.Purity,
            PlaneEfficiency = selection.PlaneEfficiency.ToArray(),
            PlanePurity = selection.PlanePurity.ToArray(),
            Weights = weights,
        };
    }
}

/// <summary>What one method reached on one sample. Metrics are those of docs/method.md; NaN where a method has no scores.</summary>
internal sealed record MuonMethodResult
{
    public required MuonMethod Method { get; init; }

    /// <summary>Seed of the network; 0 for methods without one.</summary>
    public ulong Seed { get; init; }

    /// <summary>The reading in use; empty for methods without scores.</summary>
    public string Reading { get; init; } = "";

    /// <summary>Area under the ROC curve of the hits.</summary>
    public double Auc { get; init; } = double.NaN;

    /// <summary>Average precision of the hits.</summary>
    public double AveragePrecision { get; init; } = double.NaN;

    /// <summary>Share of true hits that the reading keeps.</summary>
    public double HitEfficiency { get; init; } = double.NaN;

    /// <summary>Share of kept weight that is of true hits.</summary>
    public double HitPurity { get; init; } = double.NaN;

    /// <summary>Share of true hits that the reading keeps, by plane; empty for methods that select none.</summary>
    public IReadOnlyList<double> PlaneEfficiency { get; init; } = [];

    /// <summary>Share of kept weight that is of true hits, by plane.</summary>
    public IReadOnlyList<double> PlanePurity { get; init; } = [];

    /// <summary>Momentum resolution over all attempted events.</summary>
    public required ResolutionSummary Resolution { get; init; }

    /// <summary>The tracks.</summary>
    public required TrackTable Tracks { get; init; }

    /// <summary>The ROC curve, or null.</summary>
    public RocCurve? Roc { get; init; }

    /// <summary>What each event contributes to the variance of <see cref="Auc"/> and <see cref="AveragePrecision"/>, or null.</summary>
    public ScoreInfluence? Influence { get; init; }

    /// <summary>Logits of the hits, or null.</summary>
    public SampleLogits? Logits { get; init; }

    /// <summary>Weights that the hits entered the fit with, or null.</summary>
    public double[]? Weights { get; init; }

    /// <summary>The same without what there is one of for each hit.</summary>
    public MuonMethodResult WithoutHits() => this with { Logits = null, Weights = null };
}
