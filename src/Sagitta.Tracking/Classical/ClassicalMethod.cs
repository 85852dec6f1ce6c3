using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sagitta.Tracking.Classical;

/// <summary>What an experiment runs without a network: strip clusters, segments per station by a Hough transform, segments matched under
/// the field, every match fitted with iterative removal of outliers, the best fit kept. The answer is a selection of hits (weights 0 and
/// 1), so that the same clustering and fit follow as after a network.</summary>
internal sealed class ClassicalMethod : IDisposable
{
    private readonly Detector _detector;
    private readonly ClassicalOptions _options;
    private readonly ClusterResolution _resolution;
    private readonly SegmentMatching _matching;
    private readonly CircleFit _fit;
    private readonly InclinedError _error;
    private readonly TrackStrips _strips;
    private readonly Tape<double> _tape = new(recording: false);
    private readonly List<StripCluster> _clusters = [];
    private readonly double[] _centroid;
    private readonly double[] _sigma;
    private readonly double[] _presence;
    private readonly double[] _tracks;
    private readonly bool[] _converged;
    private readonly TrackQuality[] _qualities;
    private HitSet? _hits;
    private int _index;
    private CandidateList _found = new(0);
    private int _candidates;

    /// <summary>The method for a detector. Not thread-safe: one object a thread, which keeps its memory between events.</summary>
    public ClassicalMethod(Detector detector, ClassicalOptions? options = null, ClusterOptions? clustering = null)
    {
        _detector = detector;
        _options = options ?? new();
        _resolution = (clustering ?? new()).Resolution;
        _fit = new(CircleGeometry.Of(detector));
        _error = new(detector, _fit.Geometry, _resolution);
        _strips = new(detector, _fit, _error, _options);
        _matching = new(detector, _fit.Geometry, _options);
        int planes = detector.Planes.Count;
        _centroid = new double[_options.CandidatesPerEvent * planes];
        _sigma = new double[_centroid.Length];
        _presence = new double[_centroid.Length];
        _tracks = new double[_options.CandidatesPerEvent * TrackParameter.Count];
        _converged = new bool[_options.CandidatesPerEvent];
        _qualities = new TrackQuality[_options.CandidatesPerEvent];
    }

    /// <summary>Selects hits of one event: 1 in <paramref name="weights"/> (one an event's hit) for hits of the track, 0 for others; all 0
    /// where no track is found.</summary>
    /// <returns>Whether a track was found.</returns>
    public bool Select(HitSet hits, int index, Span<double> weights)
    {
        Search(hits, index);
        return Choose([], weights);
    }

    /// <summary>Finds the candidates of one event and fits each: what <see cref="Choose"/> chooses from, as often as it is asked.</summary>
    public void Search(HitSet hits, int index)
    {
        _hits = hits;
        _index = index;
        Cluster(hits, index);
        _found = _matching.Find(_clusters);
        _candidates = Math.Min(_found.Count, _options.CandidatesPerEvent);
        if (_candidates == 0)
        {
            return;
        }

        int planes = _detector.Planes.Count;
        int length = _candidates * planes;
        Span<double> centroid = _centroid.AsSpan(0, length);
        Span<double> sigma = _sigma.AsSpan(0, length);
        Span<double> presence = _presence.AsSpan(0, length);
        Place(_found, _candidates, centroid, sigma, presence);
        _tape.Reset();
        ImplicitSolution tracks = _fit.Apply(_tape.Constant(centroid, _candidates, planes), _tape.Constant(sigma, _candidates, planes),
            _tape.Constant(presence, _candidates, planes));
        Incline(_found, _candidates, tracks, sigma);
        tracks = OutlierRemoval.Run(_fit, _tape, centroid, sigma, presence, _options.OutlierPull, TrackStrips.MinimumPlanes);
        TrackQuality.OfDiagonalFits(_fit.Geometry, null, _fit.Options, tracks.Value.Values, tracks.Statuses, centroid, sigma, presence,
            _qualities.AsSpan(0, _candidates));
        tracks.Value.Values.CopyTo(_tracks);
        for (int c = 0; c < _candidates; c++)
        {
            _converged[c] = tracks.Statuses[c] == SolveStatus.Converged;
        }
    }

    /// <summary>Selects hits of the event that was searched last, as <see cref="Select"/> does, where hits are not alike: a plane of a
    /// candidate is worth <see cref="ClassicalOptions.PlaneValue"/> times the largest of its cluster's <paramref name="likeliness"/> (one
    /// an event's hit, from 0 to 1, or none for 1 everywhere).</summary>
    /// <returns>Whether a track was found.</returns>
    public bool Choose(ReadOnlySpan<double> likeliness, Span<double> weights)
    {
        HitSet hits = _hits ?? throw new InvalidOperationException("No event was searched: call Search first.");
        weights.Clear();
        int planes = _detector.Planes.Count;
        int best = -1;
        double bestScore = double.NegativeInfinity;
        for (int c = 0; c < _candidates; c++)
        {
            double planesWorth = likeliness.IsEmpty
                ? _qualities[c].Planes
                : Worth(_found[c], _presence.AsSpan(c * planes, planes), likeliness, hits.Offsets[_index]);
            double score = (_options.PlaneValue * planesWorth) - _qualities[c].ChiSquare;
            if (_converged[c] && score > bestScore)
            {
                bestScore = score;
                best = c;
            }
        }

        if (best < 0)
        {
            return false;
        }

        ReadOnlySpan<double> track = _tracks.AsSpan(best * TrackParameter.Count, TrackParameter.Count);
        _strips.Select(hits, _index, track, weights);
        return true;
    }

    public void Dispose()
    {
        _tape.Dispose();
        _strips.Dispose();
    }

    private double Worth(ReadOnlySpan<int> clusters, ReadOnlySpan<double> presence, ReadOnlySpan<double> likeliness, int firstHit)
    {
        double sum = 0;
        for (int i = 0; i < clusters.Length; i++)
        {
            if (clusters[i] >= 0 && presence[i] > 0)
            {
                StripCluster cluster = _clusters[clusters[i]];
                sum += TensorPrimitives.Max(likeliness[(cluster.FirstHit - firstHit)..(cluster.EndHit - firstHit)]);
            }
        }

        return sum;
    }

    private void Place(CandidateList found, int candidates, Span<double> centroid, Span<double> sigma, Span<double> presence)
    {
        int planes = _detector.Planes.Count;
        centroid.Clear();
        presence.Clear();
        sigma.Fill(1);
        for (int c = 0; c < candidates; c++)
        {
            for (int i = 0; i < planes; i++)
            {
                if (found[c][i] >= 0)
                {
                    StripCluster cluster = _clusters[found[c][i]];
                    int k = (c * planes) + i;
                    double pitch = _detector.Planes[i].StripPitch;
                    centroid[k] = cluster.Y;
                    sigma[k] = Math.Sqrt(_resolution.Intrinsic(pitch, cluster.Concentration, 0)
                        + _resolution.WithoutTrack(pitch, cluster.Width, out _));
                    presence[k] = 1;
                }
            }
        }
    }

    // Errors that know the candidates' inclination.
    private void Incline(CandidateList found, int candidates, ImplicitSolution tracks, Span<double> sigma)
    {
        int planes = _detector.Planes.Count;
        for (int c = 0; c < candidates; c++)
        {
            ReadOnlySpan<double> track = tracks.Value.Values.Slice(c * TrackParameter.Count, TrackParameter.Count);
            for (int i = 0; i < planes; i++)
            {
                if (found[c][i] >= 0 && tracks.Statuses[c] == SolveStatus.Converged)
                {
                    StripCluster cluster = _clusters[found[c][i]];
                    sigma[(c * planes) + i] = _error.Of(i, track, cluster.Width, cluster.Concentration);
                }
            }
        }
    }

    // Neighbouring strips, one missing strip allowed.
    private void Cluster(HitSet hits, int index)
    {
        _clusters.Clear();
        int hit = hits.Offsets[index];
        int end = hits.Offsets[index + 1];
        while (hit < end)
        {
            int first = hit;
            int plane = hits.Plane[hit];
            double reach = 2.5 * _detector.Planes[plane].StripPitch;
            ClusterSums sums = default;
            do
            {
                sums.Add(hits.Y[hit] - hits.Y[first], hits.Charge[hit]);
                hit++;
            }
            while (hit < end && hits.Plane[hit] == plane && hits.Y[hit] - hits.Y[hit - 1] < reach);

            _clusters.Add(new(first, hit, plane, hits.Y[first] + sums.Mean, sums.Width, sums.Concentration));
        }
    }
}
