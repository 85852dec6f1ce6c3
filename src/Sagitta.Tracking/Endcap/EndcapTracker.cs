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
    private readonly double[] _u;
    private readonly double[] _variance;
    private readonly double[] _presence;
    private readonly double[] _measured;
    private readonly double[] _sigma;

    public EndcapTracker(EndcapReconstruction chain)
    {
        _chain = chain;
        _geometry = chain.Geometry;
        _clusters = new(_geometry);
        _candidates = new(chain.Deflections, chain.Search);
        Fitter = new(_geometry, chain.Field, chain.Scatterers);
        _u = new double[_geometry.Planes.Count];
        _variance = new double[_u.Length];
        _presence = new double[_u.Length];
        _measured = new double[_u.Length];
        _sigma = new double[_u.Length];
    }

    public EndcapKinkFit Fitter { get; }

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
        if (events.Offsets[e + 1] - events.Offsets[e] > _chain.Search.MostHits)
        {
            return [Failed(events.Number[e], SolveStatus.TooManyHits)];
        }

        for (int hit = events.Offsets[e]; hit < events.Offsets[e + 1]; hit++)
        {
            if (!float.IsFinite(events.U[hit] + events.Charge[hit]))
            {
                return [Failed(events.Number[e], SolveStatus.OutOfRange)];
            }
        }

        List<Trial> trials = [.. Find(events, e, weights).Select(c => Try(c.Start, c.Clusters)).OfType<Trial>()];
        trials.Sort((a, b) => b.Score.CompareTo(a.Score));
        List<Trial> chosen = [];
        foreach (Trial trial in trials)
        {
            if (IsTrack(trial.Fit) && chosen.TrueForAll(other => Shared(trial, other) <= _chain.Search.SharedClusters * trial.Fit.Planes))
            {
                chosen.Add(trial);
            }
        }

        Assign(events, e, chosen);
        List<EndcapTrack> tracks = [];
        foreach (Trial trial in chosen)
        {
            if (Try(trial.Fit.Track, trial.Clusters) is { } final && IsTrack(final.Fit) && FitLast() is { IsConverged: true } fit)
            {
                tracks.Add(new(events.Number[e], tracks.Count, fit, [.. final.Clusters.Select(HitsOf)]));
            }
        }

        return tracks;
    }

    /// <summary>The track of the hits that are weighed, whatever else is there: what a perfect choice of hits would give.</summary>
    public EndcapTrack Follow(EndcapEvents events, int e, int number, ReadOnlySpan<double> weights, in EndcapTruth start)
    {
        _clusters.Take(events, e, weights);
        int[] clusters = new int[_u.Length];
        Fitter.Place(start);
        for (int p = 0; p < clusters.Length; p++)
        {
            clusters[p] = _clusters.Nearest(p, Fitter.Predicted[p], out _);
        }

        Trial? trial = Try(start, clusters);
        return trial is null ? Failed(events.Number[e], SolveStatus.TooFewPlanes)
            : new(events.Number[e], number, FitLast(), [.. trial.Clusters.Select(HitsOf)]);
    }

    // The measurements of the last trial, with full covariance.
    private EndcapTrackFit FitLast()
    {
        Span<double> covariance = stackalloc double[TrackState.Count * TrackState.Count];
        for (int p = 0; p < _u.Length; p++)
        {
            _measured[p] = _presence[p] > 0 ? _u[p] + _geometry.Planes[p].Offset : 0;
            _sigma[p] = _presence[p] > 0 ? Math.Sqrt(_variance[p]) : 1;
        }

        return EndcapTrackFit.Of(_chain.Fit.Fit(_measured, _sigma, _presence, covariance), covariance);
    }

    public static EndcapTrack Failed(long number, SolveStatus status) => new(number, -1, EndcapTrackFit.Failed(status, 0), []);

    private (int First, int End) HitsOf(int cluster) =>
        cluster < 0 ? (0, 0) : (_clusters.All[cluster].FirstHit, _clusters.All[cluster].EndHit);

    private bool IsTrack(in EndcapTrackFit fit) => fit.IsConverged && fit.Planes >= _chain.Search.Planes
        && fit.ChiSquare <= _chain.Search.ChiSquarePerDegree * fit.DegreesOfFreedom
        && Math.Abs(fit.Track.QOverP) <= 1.2 * _chain.Search.LargestQOverP;

    private static int Shared(Trial a, Trial b)
    {
        int shared = 0;
        for (int p = 0; p < a.Clusters.Length; p++)
        {
            shared += a.Clusters[p] >= 0 && a.Clusters[p] == b.Clusters[p] ? 1 : 0;
        }

        return shared;
    }

    // A fit, then the plane that misses it most is given up as long as one misses by too much.
    private Trial? Try(in EndcapTruth start, int[] given)
    {
        int[] clusters = [.. given];
        EndcapTruth from = start;
        Fitter.Place(from);
        EndcapTrackFit fit;
        while (true)
        {
            for (int p = 0; p < _u.Length; p++)
            {
                _presence[p] = 0;
                if (clusters[p] >= 0)
                {
                    EndcapCluster cluster = _clusters.All[clusters[p]];
                    _u[p] = cluster.U;
                    _variance[p] = cluster.Variance(_chain.Resolution, _geometry.Strips.Planes[p], Fitter.Slopes[p]);
                    _presence[p] = cluster.Presence;
                }
            }

            fit = Fitter.Fit(from, _u, _variance, _presence);
            if (!fit.IsConverged)
            {
                return null;
            }

            (double worst, int plane) = (_chain.Search.OutlierPull * _chain.Search.OutlierPull, -1);
            for (int p = 0; p < _u.Length; p++)
            {
                double residual = _u[p] - Fitter.Predicted[p];
                double pull = _presence[p] > 0 ? residual * residual / _variance[p] : 0;
                (worst, plane) = pull > worst ? (pull, p) : (worst, plane);
            }

            if (plane < 0)
            {
                break;
            }

            clusters[plane] = -1;
            from = fit.Track;
        }

        return new(clusters, fit, Fitter.Predicted.ToArray(), Fitter.Slopes.ToArray(),
            (_chain.Search.PlaneValue * fit.Planes) - fit.ChiSquare);
    }

    // Plane by plane: rows are tracks, entries are clusters near enough, the cost is the squared distance in errors.
    private void Assign(EndcapEvents events, int e, List<Trial> tracks)
    {
        double[][] centres = [.. tracks.Select(trial => CentreOf(events, e, trial.Clusters))];
        double price = _chain.Search.AlonePrice;
        _assignment.AlonePrice = price;
        List<int> columns = [], offsets = [];
        List<double> costs = [];
        for (int p = 0; p < _u.Length && tracks.Count > 0; p++)
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
                    double cost = Cost(events, e, first + c, tracks[t].Predicted[p], tracks[t].Slopes[p], centres[t]);
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

    /// <summary>Where a track of the last event passes each plane, scattering included, and its slopes there.</summary>
    public (double[] Predicted, double[] Slopes) PlacesOf(EndcapTrack track)
    {
        _ = Try(track.Fit.Track, ClustersOf(track));
        return (Fitter.Predicted.ToArray(), Fitter.Slopes.ToArray());
    }

    /// <summary>The clusters of the last event that hold a track's hits, one a plane, or -1.</summary>
    public int[] ClustersOf(EndcapTrack track) => [.. track.Hits.Select((hits, p) =>
    {
        for (int c = _clusters.Offsets[p]; c < _clusters.Offsets[p + 1] && hits.End > hits.First; c++)
        {
            if (_clusters.All[c].FirstHit == hits.First && _clusters.All[c].EndHit == hits.End)
            {
                return c;
            }
        }

        return -1;
    })];

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

    // The places and slopes at planes are those of the fit, scattering included.
    private sealed record Trial(int[] Clusters, EndcapTrackFit Fit, double[] Predicted, double[] Slopes, double Score);
}

/// <summary>What all threads share of the way from hits to tracks.</summary>
internal sealed class EndcapReconstruction
{
    private readonly EndcapLimit _limit;

    public EndcapReconstruction(EndcapDetector detector, EndcapSearchOptions? search = null)
    {
        (Geometry, Search) = (new(detector), search ?? new());
        Deflections = new(Geometry, detector.Field, Search.LargestQOverP);
        Scatterers = EndcapScatterer.Of(Geometry);
        Fit = new(new(detector));
        _limit = new(Fit.Model);
    }

    public EndcapGeometry Geometry { get; }

    public MagneticField Field => Geometry.Detector.Field;

    /// <summary>Material that turns tracks.</summary>
    public IReadOnlyList<EndcapScatterer> Scatterers { get; }

    public EndcapSearchOptions Search { get; }

    public EndcapDeflections Deflections { get; }

    /// <summary>The fit of what the search has chosen.</summary>
    public EndcapFit Fit { get; }

    /// <summary>The bound on the error of q/p of a track, 1/GeV; NaN where it does not reach the last plane.</summary>
    public double Limit(in EndcapTruth track)
    {
        Span<double> covariance = stackalloc double[TrackState.Count * TrackState.Count];
        return _limit.TryCovariance(new(track.X, track.Y, track.Tx, track.Ty, track.QOverP), covariance) ? Math.Sqrt(covariance[^1])
            : double.NaN;
    }

    public ClusterResolution Resolution { get; init; } = new();
}
