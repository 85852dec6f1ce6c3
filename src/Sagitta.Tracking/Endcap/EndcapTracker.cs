namespace Sagitta.Tracking.Endcap;

/// <summary>
/// Hits to tracks: clusters, candidates, a fit of each, a choice of candidates that do not share clusters, an exact assignment of each
/// plane's clusters to them with a price for none, and the fit of what was assigned. Weights of hits, where a network gives some, weigh
/// strips in clusters and planes in fits. Holds reused memory: one a thread.
/// </summary>
internal sealed class EndcapTracker
{
    private readonly EndcapGeometry _geometry;
    private readonly EndcapReconstruction _chain;
    private readonly EndcapClusters _clusters;
    private readonly EndcapCandidates _candidates;
    private readonly SparseAssignment _assignment = new();
    private readonly EndcapTrackInput _input;
    private readonly EndcapPrediction _prediction;
    private readonly List<EndcapTrial> _found = [];

    public EndcapTracker(EndcapReconstruction chain)
    {
        _chain = chain;
        _geometry = chain.Geometry;
        _clusters = new(_geometry);
        _candidates = new(chain.Deflections, chain.Search);
        _input = new(chain);
        _prediction = new(_geometry.Planes.Count);
    }

    /// <summary>For each hit of the event the numbers that tell tracks apart; empty for none.</summary>
    public float[] Separation { get; set; } = [];

    /// <summary>The clusters of the last event.</summary>
    public EndcapClusters Clusters => _clusters;

    /// <summary>The segments of each station of the last event.</summary>
    public IReadOnlyList<IReadOnlyList<EndcapSegment>> Segments => _candidates.Segments;

    /// <summary>The candidates of an event whose weights are given, best first.</summary>
    public List<EndcapCandidate> Find(EndcapEvents events, int e, ReadOnlySpan<double> weights)
    {
        _clusters.Take(events, e, weights);
        List<EndcapCandidate> found = _candidates.Find(_clusters);
        return found[..Math.Min(found.Count, _chain.Search.Candidates)];
    }

    /// <summary>The tracks of an event.</summary>
    /// <param name="events">Events.</param>
    /// <param name="e">Which.</param>
    /// <param name="weights">Weight of each of its hits, 0 for hits to leave out; empty for 1 everywhere.</param>
    public IReadOnlyList<EndcapTrack> Reconstruct(EndcapEvents events, int e, ReadOnlySpan<double> weights)
    {
        _found.Clear();
        if (Refusal(events, e, _chain.Search) is { } refused)
        {
            return [Failed(events.Number[e], refused)];
        }

        List<EndcapTrial> chosen = EndcapTrial.Choose([.. Find(events, e, weights).Select(c => Try(c.Start, c.Clusters, c.Slopes))],
            _chain.Search);
        Assign(events, e, chosen);
        foreach (EndcapTrial trial in chosen)
        {
            if (Try(trial.Fit.Track, trial.Clusters, trial.Slopes) is { } final && final.IsTrack(_chain.Search))
            {
                _found.Add(final);
            }
        }

        return [.. _found.Select((trial, i) => Track(events.Number[e], i, trial, _clusters))];
    }

    /// <summary>Why an event can't be reconstructed; null if it can.</summary>
    public static SolveStatus? Refusal(EndcapEvents events, int e, EndcapSearchOptions search)
    {
        bool finite = true;
        for (int hit = events.Offsets[e]; hit < events.Offsets[e + 1]; hit++)
        {
            finite &= float.IsFinite(events.U[hit] + events.Charge[hit]);
        }

        return events.Offsets[e + 1] - events.Offsets[e] > search.MostHits ? SolveStatus.TooManyHits
            : finite ? null : SolveStatus.OutOfRange;
    }

    /// <summary>The track of the hits that are weighed, whatever else is there: what a perfect choice of hits would give.</summary>
    public EndcapTrack Follow(EndcapEvents events, int e, int number, ReadOnlySpan<double> weights, in TrackState start)
    {
        _clusters.Take(events, e, weights);
        int[] clusters = new int[_geometry.Planes.Count];
        if (!_chain.Fit.Model.TryPredict(start, 1, new double[clusters.Length], _prediction, scattering: false))
        {
            return Failed(events.Number[e], SolveStatus.OutOfRange);
        }

        for (int p = 0; p < clusters.Length; p++)
        {
            clusters[p] = _clusters.Nearest(p, _prediction.Measured[p] - _geometry.Planes[p].Offset, out _);
        }

        EndcapTrial? trial = Try(start, clusters, _prediction.Slope);
        return trial is null ? Failed(events.Number[e], SolveStatus.TooFewPlanes) : Track(events.Number[e], number, trial, _clusters);
    }

    public static EndcapTrack Failed(long number, SolveStatus status) => new(number, -1, EndcapTrackFit.Failed(status, 0), []);

    /// <summary>A trial as a track of an event.</summary>
    public static EndcapTrack Track(long number, int index, EndcapTrial trial, EndcapClusters clusters) => new(number, index, trial.Fit,
        [.. trial.Clusters.Select(c => c < 0 ? (0, 0) : (clusters.All[c].FirstHit, clusters.All[c].EndHit))])
    {
        Residuals = [.. trial.Clusters.Select((c, p) => c < 0 ? float.NaN : (float)(clusters.All[c].U - trial.Places[p]))],
    };

    // A fit, then the plane that misses it most is given up as long as one misses by too much.
    private EndcapTrial? Try(in TrackState start, int[] given, double[] slopes)
    {
        int[] clusters = [.. given];
        TrackState from = start;
        double[] places = new double[clusters.Length], along = [.. slopes];
        Span<double> covariance = stackalloc double[TrackState.Count * TrackState.Count];
        while (true)
        {
            _input.Take(_clusters, clusters, along);
            EndcapFitResult fit = _chain.Fit.Fit(_input.Measured, _input.Sigma, _input.Presence, covariance, from, places, along);
            if (fit.Status != SolveStatus.Converged)
            {
                return null;
            }

            (double worst, int plane) = (_chain.Search.OutlierPull, -1);
            for (int p = 0; p < clusters.Length; p++)
            {
                double pull = _input.Presence[p] > 0 ? Math.Abs(_input.Measured[p] - places[p]) / _input.Sigma[p] : 0;
                (worst, plane) = pull > worst ? (pull, p) : (worst, plane);
            }

            if (plane < 0)
            {
                for (int p = 0; p < places.Length; p++)
                {
                    places[p] -= _geometry.Planes[p].Offset;
                }

                return new(clusters, EndcapTrackFit.Of(fit, covariance), places, along);
            }

            clusters[plane] = -1;
            from = fit.State;
        }
    }

    // Plane by plane: rows are tracks, entries are clusters near enough, the cost is the squared distance in errors.
    private void Assign(EndcapEvents events, int e, List<EndcapTrial> tracks)
    {
        double[][] centres = [.. tracks.Select(trial => CentreOf(events, e, trial.Clusters))];
        double price = _chain.Search.AlonePrice;
        _assignment.AlonePrice = price;
        List<int> columns = [], offsets = [];
        List<double> costs = [];
        for (int p = 0; p < _geometry.Planes.Count && tracks.Count > 0; p++)
        {
            columns.Clear();
            costs.Clear();
            offsets.Clear();
            offsets.Add(0);
            int first = _clusters.Offsets[p];
            ReadOnlySpan<EndcapCluster> own = _clusters.Of(p);
            for (int t = 0; t < tracks.Count; t++)
            {
                for (int c = 0; c < own.Length; c++)
                {
                    double cost = Cost(events, e, first + c, tracks[t].Places[p], tracks[t].Slopes[p], centres[t]);
                    if (cost < price)
                    {
                        columns.Add(c);
                        costs.Add(cost);
                    }
                }

                offsets.Add(columns.Count);
            }

            int[] entries = new int[tracks.Count];
            _assignment.Solve<double>([.. offsets], [.. columns], own.Length, [.. costs], entries);
            for (int t = 0; t < tracks.Count; t++)
            {
                tracks[t].Clusters[p] = entries[t] >= 0 ? first + columns[entries[t]] : -1;
            }
        }
    }

    /// <summary>What a track of the last event was made of.</summary>
    public EndcapTrial TrialOf(EndcapTrack track) => _found[track.Number];

    /// <summary>The mean place of the hits of clusters in the space that tells tracks apart; empty without one.</summary>
    public double[] CentreOf(EndcapEvents events, int e, params ReadOnlySpan<int> clusters)
    {
        int hits = events.Offsets[e + 1] - events.Offsets[e];
        double[] centre = new double[hits == 0 ? 0 : Separation.Length / hits];
        int count = 0;
        foreach (int c in clusters)
        {
            for (int hit = c < 0 ? 0 : _clusters.All[c].FirstHit; c >= 0 && hit < _clusters.All[c].EndHit; hit++, count++)
            {
                for (int k = 0; k < centre.Length; k++)
                {
                    centre[k] += Separation[((hit - events.Offsets[e]) * centre.Length) + k];
                }
            }
        }

        return Array.ConvertAll(centre, sum => sum / Math.Max(count, 1));
    }

    /// <summary>
    /// What a cluster costs a track: its squared distance in errors, less the value of its presence, plus how far its hits are from the
    /// track's among what tells tracks apart.
    /// </summary>
    public double Cost(EndcapEvents events, int e, int cluster, double predicted, double slope, double[] centre)
    {
        EndcapCluster own = _clusters.All[cluster];
        double distance = own.U - predicted;
        double variance = own.Variance(_chain.Resolution, _geometry.Strips.Planes[own.Plane], slope);
        return (distance * distance / variance) + (_chain.Search.WeightValue * (1 - own.Presence)) + Apart(events, e, cluster, centre);
    }

    private double Apart(EndcapEvents events, int e, int cluster, double[] centre)
    {
        double sum = 0;
        if (_chain.Search.SeparationValue > 0 && centre.Length > 0)
        {
            double[] own = CentreOf(events, e, cluster);
            for (int k = 0; k < centre.Length; k++)
            {
                sum += (own[k] - centre[k]) * (own[k] - centre[k]);
            }
        }

        return _chain.Search.SeparationValue * sum;
    }
}

/// <summary>What all threads share of the way from hits to tracks.</summary>
internal sealed class EndcapReconstruction
{
    private readonly EndcapLimit _limit;

    public EndcapReconstruction(EndcapDetector detector, EndcapSearchOptions? search = null)
    {
        (Geometry, Search) = (new(detector), search ?? new());
        Deflections = new(Geometry, detector.Field, Search.LargestQOverP);
        Fit = new(new(detector));
        _limit = new(Fit.Model);
    }

    public EndcapGeometry Geometry { get; }

    public MagneticField Field => Geometry.Detector.Field;

    public EndcapSearchOptions Search { get; }

    public EndcapDeflections Deflections { get; }

    /// <summary>The fit of what the search has chosen.</summary>
    public EndcapFit Fit { get; }

    /// <summary>The bound on the error of q/p of a track, 1/GeV; NaN where it does not reach the last plane.</summary>
    public double Limit(in TrackState track)
    {
        Span<double> covariance = stackalloc double[TrackState.Count * TrackState.Count];
        return _limit.TryCovariance(track, covariance) ? Math.Sqrt(covariance[^1])
            : double.NaN;
    }

    public ClusterResolution Resolution { get; init; } = new();
}
