using Sagitta.Autodiff.Solvers;
using Sagitta.Autodiff.Tensors;
using Sagitta.Physics.Detectors;
using Sagitta.Physics.Events;
using Sagitta.Reconstruction.Clustering;
using Sagitta.Reconstruction.Fitting;

namespace Sagitta.Reconstruction.Classical;

/// <summary>
/// What an experiment runs without a network: strip clusters, segments per station by a Hough transform, segments matched under the field,
/// every match fitted with iterative removal of outliers, the best fit kept. The answer is a selection of hits (weights 0 and 1), so that the
/// same clustering and fit follow as after a network.
/// </summary>
public sealed class ClassicalMethod
{
    // A track keeps at least this many planes more than it has parameters.
    private const int SparePlanes = 2;

    private readonly Detector _detector;
    private readonly ClassicalOptions _options;
    private readonly ClusterOptions _clustering;
    private readonly SegmentFinder[] _finders;
    private readonly CircleFit _fit;
    private readonly List<StripCluster> _clusters = [];

    /// <summary>The method for a detector. Not thread-safe: one object a thread.</summary>
    public ClassicalMethod(Detector detector, ClassicalOptions? options = null, ClusterOptions? clustering = null)
    {
        _detector = detector;
        _options = options ?? new();
        _clustering = clustering ?? new();
        _fit = new(CircleGeometry.Of(detector));
        _finders = new SegmentFinder[detector.StationCount];
        for (int station = 0; station < _finders.Length; station++)
        {
            _finders[station] = new(detector, station, _options);
        }
    }

    /// <summary>
    /// Selects hits of one event: 1 in <paramref name="weights"/> (one an event's hit) for hits of the track, 0 for others; all 0 where no track is found.
    /// </summary>
    /// <returns>Whether a track was found.</returns>
    public bool Select(EventSet events, int index, Span<double> weights)
    {
        int firstHit = events.HitOffsets[index];
        weights.Clear();
        Cluster(events, index);
        List<int[]> candidates = Match();
        if (candidates.Count == 0)
        {
            return false;
        }

        int planes = _detector.Planes.Count;
        double[] centroid = new double[candidates.Count * planes];
        double[] sigma = new double[candidates.Count * planes];
        double[] presence = new double[candidates.Count * planes];
        Array.Fill(sigma, 1);
        for (int c = 0; c < candidates.Count; c++)
        {
            for (int i = 0; i < planes; i++)
            {
                if (candidates[c][i] >= 0)
                {
                    StripCluster cluster = _clusters[candidates[c][i]];
                    centroid[(c * planes) + i] = cluster.Y;
                    sigma[(c * planes) + i] = Error(events, cluster);
                    presence[(c * planes) + i] = 1;
                }
            }
        }

        using Tape<double> tape = new(recording: false);
        ImplicitSolution tracks = OutlierRemoval.Run(_fit, tape, centroid, sigma, presence, _options.OutlierPull, TrackParameter.Count + SparePlanes);
        int best = -1;
        double bestScore = double.NegativeInfinity;
        TrackQuality[] qualities = new TrackQuality[candidates.Count];
        TrackQuality.OfDiagonalFits(_fit.Geometry, null, _fit.Options, tracks.Value.Values, tracks.Statuses, centroid, sigma, presence, qualities);
        for (int c = 0; c < candidates.Count; c++)
        {
            double score = (_options.PlaneValue * qualities[c].Planes) - qualities[c].ChiSquare;
            if (tracks.Statuses[c] == SolveStatus.Converged && score > bestScore)
            {
                bestScore = score;
                best = c;
            }
        }

        for (int i = 0; best >= 0 && i < planes; i++)
        {
            if (presence[(best * planes) + i] > 0)
            {
                StripCluster cluster = _clusters[candidates[best][i]];
                weights[(cluster.FirstHit - firstHit)..(cluster.EndHit - firstHit)].Fill(1);
            }
        }

        return best >= 0;
    }

    // Neighbouring strips, one missing strip allowed.
    private void Cluster(EventSet events, int index)
    {
        _clusters.Clear();
        int hit = events.HitOffsets[index];
        int end = events.HitOffsets[index + 1];
        while (hit < end)
        {
            int first = hit;
            int plane = events.HitPlane[hit];
            double reach = 2.5 * _detector.Planes[plane].StripPitch;
            double charge = 0;
            double moment = 0;
            do
            {
                charge += events.HitCharge[hit];
                moment += events.HitCharge[hit] * (events.HitY[hit] - events.HitY[first]);
                hit++;
            }
            while (hit < end && events.HitPlane[hit] == plane && events.HitY[hit] - events.HitY[hit - 1] < reach);

            _clusters.Add(new(first, hit, plane, events.HitY[first] + (charge > 0 ? moment / charge : 0)));
        }
    }

    private double Error(EventSet events, StripCluster cluster)
    {
        double charge = 0, squares = 0, spread = 0;
        for (int j = cluster.FirstHit; j < cluster.EndHit; j++)
        {
            double q = events.HitCharge[j];
            charge += q;
            squares += q * q;
            spread += q * (events.HitY[j] - cluster.Y) * (events.HitY[j] - cluster.Y);
        }

        double pitch = _detector.Planes[cluster.Plane].StripPitch;
        ClusterResolution model = _clustering.Resolution;
        double intrinsic = model.Intrinsic(pitch, charge > 0 ? squares / (charge * charge) : 1, 0);
        return Math.Sqrt(intrinsic + model.WithoutTrack(pitch, charge > 0 ? spread / charge : 0, out _));
    }

    // One segment of every station that has any, consecutive ones consistent with a circle; best segments first. At least two stations, or the only one.
    private List<int[]> Match()
    {
        List<Segment>[] segments = new List<Segment>[_finders.Length];
        int filled = 0;
        for (int station = 0; station < _finders.Length; station++)
        {
            segments[station] = _finders[station].Find(_clusters);
            filled += segments[station].Count > 0 ? 1 : 0;
        }

        List<(int Planes, int[] Clusters)> found = [];
        if (filled >= Math.Min(2, _finders.Length))
        {
            Extend(segments, 0, -1, null, 0, new int[_detector.Planes.Count], found);
        }

        found.Sort((a, b) => b.Planes.CompareTo(a.Planes));
        List<int[]> candidates = [];
        for (int c = 0; c < Math.Min(found.Count, _options.CandidatesPerEvent); c++)
        {
            candidates.Add(found[c].Clusters);
        }

        return candidates;
    }

    private void Extend(List<Segment>[] segments, int station, int previousStation, Segment? previous, int planes, int[] clusters, List<(int Planes, int[] Clusters)> found)
    {
        if (station == segments.Length)
        {
            found.Add((planes, (int[])clusters.Clone()));
            return;
        }

        SegmentFinder finder = _finders[station];
        int first = finder.FirstPlane;
        int count = segments[station].Count == 0 ? 0 : segments[station][0].Clusters.Length;
        if (count == 0)
        {
            for (int i = first; i < clusters.Length && _detector.Planes[i].Station == station; i++)
            {
                clusters[i] = -1;
            }

            Extend(segments, station + 1, previousStation, previous, planes, clusters, found);
            return;
        }

        foreach (Segment segment in segments[station])
        {
            if (previous is null || Matches(previous, _finders[previousStation].Middle, segment, finder.Middle))
            {
                segment.Clusters.CopyTo(clusters, first);
                Extend(segments, station + 1, station, segment, planes + segment.Planes, clusters, found);
            }
        }
    }

    // The circle with both segments' slopes must lead from one to the other.
    private bool Matches(Segment from, double fromZ, Segment to, double toZ)
    {
        double distance = toZ - fromZ;
        double curvature = (to.Sine - from.Sine) / distance;
        double inversePt = Math.Abs(curvature / _fit.Geometry.CurvaturePerQOverPt);
        double miss = to.Y - from.Y - CirclePoint.Displacement(distance, from.Sine, curvature);
        return inversePt * _options.MinimumPt <= 1 && Math.Abs(miss) <= _options.MatchTolerance + (_options.MatchScattering * inversePt);
    }
}
