namespace Sagitta.Tracking.Endcap;

/// <summary>
/// The classical method: candidates of segments, each with the Kalman filter of its clusters; from there a combinatorial filter goes
/// through all planes once more and takes whatever clusters of the event fit best, and the smoother gives up what does not. Clusters that
/// two tracks want go to the better one. Holds reused memory: one a thread.
/// </summary>
internal sealed class EndcapKalmanTracker
{
    private readonly EndcapReconstruction _chain;
    private readonly EndcapSearchOptions _search;
    private readonly EndcapClusters _clusters;
    private readonly EndcapCandidates _candidates;
    private readonly EndcapKalman _filter;
    private readonly EndcapTrackInput _input;
    private readonly double[] _pulls;
    private Branch[] _branches;
    private Branch[] _next;

    public EndcapKalmanTracker(EndcapReconstruction chain)
    {
        (_chain, _search) = (chain, chain.Search);
        _clusters = new(chain.Geometry);
        _candidates = new(chain.Deflections, _search);
        _filter = new(chain.Fit.Model);
        _input = new(chain);
        int planes = chain.Geometry.Planes.Count;
        _pulls = new double[planes];
        Branch[] Branches() => [.. Enumerable.Range(0, _search.Branches).Select(_ => new Branch { Clusters = new int[planes] })];
        (_branches, _next) = (Branches(), Branches());
    }

    /// <summary>The tracks of an event.</summary>
    public IReadOnlyList<EndcapTrack> Reconstruct(EndcapEvents events, int e)
    {
        long number = events.Number[e];
        if (EndcapTracker.Refusal(events, e, _search) is { } refused)
        {
            return [EndcapTracker.Failed(number, refused)];
        }

        _clusters.Take(events, e, []);
        List<EndcapTrial> chosen = EndcapTrial.Choose(
            [.. _candidates.Find(_clusters).Take(_search.Candidates).Select(c => Follow(c.Start, c.Clusters, c.Slopes))], _search);
        List<EndcapTrack> tracks = [];
        for (int t = 0; t < chosen.Count; t++)
        {
            EndcapTrial? own = chosen[t];
            if (GiveUp(own.Clusters, chosen[..t]))
            {
                own = Fit(own.Fit.Track, own.Clusters, own.Slopes);
            }

            if (own is not null && own.IsTrack(_search))
            {
                tracks.Add(EndcapTracker.Track(number, tracks.Count, own, _clusters));
            }
        }

        return tracks;
    }

    private static bool GiveUp(int[] clusters, List<EndcapTrial> better)
    {
        bool any = false;
        for (int p = 0; p < clusters.Length; p++)
        {
            if (clusters[p] >= 0 && better.Exists(other => other.Clusters[p] == clusters[p]))
            {
                clusters[p] = -1;
                any = true;
            }
        }

        return any;
    }

    private EndcapTrial? Follow(in TrackState start, int[] clusters, double[] slopes)
    {
        Span<double> covariance = stackalloc double[TrackState.Count * TrackState.Count];
        Span<double> errors = stackalloc double[TrackState.Count];
        _input.Take(_clusters, clusters, slopes);
        EndcapFitResult seed = _filter.Fit(start, _input.Measured, _input.Sigma, _input.Presence, covariance);

        // A seed need not determine its track: the planes that follow may.
        if (seed.Status != SolveStatus.Converged && (seed.Status != SolveStatus.Singular || !double.IsFinite(seed.ChiSquare)))
        {
            return null;
        }

        for (int k = 0; k < errors.Length; k++)
        {
            errors[k] = covariance[k * (TrackState.Count + 1)] * _search.SeedWidening * _search.SeedWidening;
        }

        return Fit(seed.State, Combine(SymmetricMatrix5.Diagonal(errors)), _filter.Reference.Slope);
    }

    // The best branch through all planes, about the reference of the filter.
    private int[] Combine(in SymmetricMatrix5 seed)
    {
        int count = 1;
        _branches[0].State = new() { Covariance = seed };
        _branches[0].Cost = 0;
        Array.Fill(_branches[0].Clusters, -1);
        for (int p = 0; p < _pulls.Length; p++)
        {
            int next = 0;
            for (int k = 0; k < count; k++)
            {
                ref Branch branch = ref _branches[k];
                _filter.Scatter(ref branch.State, p);
                next = Add(next, branch, p, -1, branch.Cost + _search.PlaneValue, branch.State);
                (double place, double spread) = _filter.At(branch.State, p);
                double offset = _chain.Geometry.Planes[p].Offset;
                for (int c = _clusters.Offsets[p]; c < _clusters.Offsets[p + 1]; c++)
                {
                    EndcapCluster cluster = _clusters.All[c];
                    double variance = cluster.Variance(_chain.Resolution, _chain.Geometry.Strips.Planes[p], _filter.Reference.Slope[p]);
                    double distance = cluster.U + offset - place;
                    double square = distance * distance / (variance + spread);
                    if (square < _search.AlonePrice && (next < _next.Length || branch.Cost + square < _next[next - 1].Cost))
                    {
                        KalmanState state = branch.State;
                        square = _filter.Update(ref state, p, cluster.U + offset, variance);
                        next = Add(next, branch, p, c, branch.Cost + square, state);
                    }
                }
            }

            (_branches, _next) = (_next, _branches);
            count = next;
        }

        return [.. _branches[0].Clusters];
    }

    // Keeps the next branches in order of their cost, as many as there is room for.
    private int Add(int count, in Branch parent, int plane, int cluster, double cost, in KalmanState state)
    {
        int at = count;
        while (at > 0 && cost < _next[at - 1].Cost)
        {
            at--;
        }

        if (at == _next.Length)
        {
            return count;
        }

        int end = Math.Min(count, _next.Length - 1);
        int[] clusters = _next[end].Clusters;
        Array.Copy(_next, at, _next, at + 1, end - at);
        parent.Clusters.CopyTo(clusters, 0);
        clusters[plane] = cluster;
        _next[at] = new() { State = state, Cost = cost, Clusters = clusters };
        return end + 1;
    }

    // The filter and the smoother of clusters; the plane that misses most is given up as long as one misses by too much.
    private EndcapTrial? Fit(in TrackState start, int[] clusters, double[] slopes)
    {
        Span<double> covariance = stackalloc double[TrackState.Count * TrackState.Count];
        TrackState from = start;
        double[] along = [.. slopes];
        while (true)
        {
            _input.Take(_clusters, clusters, along);
            EndcapFitResult fit = _filter.Fit(from, _input.Measured, _input.Sigma, _input.Presence, covariance, _pulls);
            if (fit.Status != SolveStatus.Converged)
            {
                return null;
            }

            (double worst, int plane) = (_search.OutlierPull, -1);
            for (int p = 0; p < _pulls.Length; p++)
            {
                (worst, plane) = Math.Abs(_pulls[p]) > worst ? (Math.Abs(_pulls[p]), p) : (worst, plane);
            }

            if (plane < 0)
            {
                double[] places = [.. _pulls.Select((pull, p) => clusters[p] < 0 ? double.NaN
                    : _clusters.All[clusters[p]].U - (pull * _input.Sigma[p] / Math.Sqrt(_input.Presence[p])))];
                return new(clusters, EndcapTrackFit.Of(fit, covariance), places, [.. _filter.Reference.Slope]);
            }

            clusters[plane] = -1;
            from = fit.State;
        }
    }

    // What is known of a track so far: its deviation from the reference, its chi-square with the price of planes left out, its clusters.
    private struct Branch
    {
        public KalmanState State;
        public double Cost;
        public int[] Clusters;
    }
}
