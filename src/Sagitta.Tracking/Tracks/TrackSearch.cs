namespace Sagitta.Tracking.Tracks;

/// <summary>
/// One track among scored hits. Soft weights have no answer where background makes a second segment in a station: the centroid of each
/// plane then lies between two tracks. The classical method's search decides for one of them, each plane of a candidate being worth what
/// the scores of its hits say; hits off the found track lose their weights, the others keep theirs.
/// </summary>
/// <remarks>
/// In a station where fewer than two planes, the least that a direction needs, keep a hit of half weight, all hits of the found track weigh
/// 1: a network that finds nothing there leaves the choice to the search. It leaves one station at most, and the found track must have at
/// least half of the planes with hits of half weight; else the network sees another track or none, and the event keeps its weights as they
/// are. So does an event without a candidate. A selection, hence for trained networks alone: nothing is differentiated through it.
/// </remarks>
internal sealed class TrackSearch
{
    private const int ChunkSize = 64;
    private const int PlanesOfADirection = 2;
    private const double HalfWeight = 0.5;

    private readonly WeightedTrackFit _fit;
    private readonly ClassicalOptions _options;
    private readonly ClusterOptions _clustering;
    private readonly int[] _station;

    /// <summary>A search with the settings of the classical method, for tracks that <paramref name="fit"/> will fit.</summary>
    public TrackSearch(WeightedTrackFit fit, ClassicalOptions? options = null, ClusterOptions? clustering = null)
    {
        _fit = fit;
        _options = options ?? new();
        _clustering = clustering ?? new();
        _station = [.. fit.Detector.Planes.Select(p => p.Station)];
    }

    /// <summary>A copy of a network's weights in which hits off the found track weigh nothing.</summary>
    /// <param name="hits">The events.</param>
    /// <param name="network">Scores and weights of their hits.</param>
    /// <param name="threads">Threads; the result does not depend on their number.</param>
    public double[] Within(HitSet hits, ScoredHits network, WorkerThreads threads) => Within(hits, [network], threads)[0];

    /// <summary>The same for several networks, each by itself: candidates are found and fitted once, which is most of the work.</summary>
    public IReadOnlyList<double[]> Within(HitSet hits, IReadOnlyList<ScoredHits> networks, WorkerThreads threads)
    {
        if (networks.FirstOrDefault(n => n.Scores.Length != hits.HitCount || n.Weights.Length != hits.HitCount) is { } other)
        {
            throw new ArgumentException(
                $"{other.Scores.Length} scores and {other.Weights.Length} weights for {hits.HitCount} hits: one of each a hit.", nameof(
                networks));
        }

        double[][] kept = [.. networks.Select(n => (double[])n.Weights.Clone())];
        EventChunks.Run(threads, hits.Count, ChunkSize, () => new Workspace(new(_fit.Detector, _options, _clustering), _station),
            (workspace, first, count) =>
            {
                for (int e = first; e < first + count; e++)
                {
                    Range own = hits.HitsOf(e);
                    workspace.Search(hits, e);
                    for (int n = 0; n < kept.Length; n++)
                    {
                        workspace.Keep(hits.Plane.AsSpan(own), networks[n].Scores.AsSpan(own), kept[n].AsSpan(own));
                    }
                }
            });
        return kept;
    }

    private sealed class Workspace(ClassicalMethod method, int[] station) : IDisposable
    {
        private readonly double[] _before = new double[station.Length];
        private readonly double[] _after = new double[station.Length];
        private readonly int[] _planes = new int[station.Max() + 1];
        private double[] _likeliness = [];
        private double[] _found = [];

        public void Search(HitSet hits, int index) => method.Search(hits, index);

        public void Keep(ReadOnlySpan<byte> plane, ReadOnlySpan<float> scores, Span<double> weights)
        {
            if (_likeliness.Length < scores.Length)
            {
                _likeliness = new double[scores.Length];
                _found = new double[scores.Length];
            }

            for (int hit = 0; hit < scores.Length; hit++)
            {
                _likeliness[hit] = float.IsNaN(scores[hit]) ? 0 : SoftClustering.Sigmoid(scores[hit]);
            }

            Span<double> found = _found.AsSpan(0, scores.Length);
            if (!method.Choose(_likeliness.AsSpan(0, scores.Length), found) || !Seen(plane, weights, found))
            {
                return;
            }

            for (int hit = 0; hit < weights.Length; hit++)
            {
                weights[hit] = _planes[station[plane[hit]]] < PlanesOfADirection ? found[hit] : weights[hit] * found[hit];
            }
        }

        public void Dispose() => method.Dispose();

        // Whether the network sees the found track; counts the track's planes of half weight in each station.
        private bool Seen(ReadOnlySpan<byte> plane, ReadOnlySpan<double> weights, ReadOnlySpan<double> found)
        {
            Array.Clear(_before);
            Array.Clear(_after);
            Array.Clear(_planes);
            for (int hit = 0; hit < weights.Length; hit++)
            {
                _before[plane[hit]] = Math.Max(_before[plane[hit]], weights[hit]);
                _after[plane[hit]] = Math.Max(_after[plane[hit]], weights[hit] * found[hit]);
            }

            int seen = 0;
            int seenOnTrack = 0;
            for (int i = 0; i < station.Length; i++)
            {
                seen += _before[i] >= HalfWeight ? 1 : 0;
                if (_after[i] >= HalfWeight)
                {
                    seenOnTrack++;
                    _planes[station[i]]++;
                }
            }

            int left = 0;
            foreach (int planes in _planes)
            {
                left += planes < PlanesOfADirection ? 1 : 0;
            }

            return left <= 1 && 2 * seenOnTrack >= seen;
        }
    }
}

/// <summary>What one network says of the hits of a sample, as <see cref="TrackSearch"/> takes it.</summary>
/// <param name="Scores">Logits of the hits being the muon's, one a hit; NaN counts as no score.</param>
/// <param name="Weights">Weights, 0 to 1, that the hits would enter the fit with, one a hit.</param>
internal sealed record ScoredHits(float[] Scores, double[] Weights);
