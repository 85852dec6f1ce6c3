using Sagitta.Autodiff.Parallelism;
using Sagitta.Physics.Events;
using Sagitta.Reconstruction.Classical;
using Sagitta.Reconstruction.Clustering;

namespace Sagitta.Reconstruction.Tracks;

/// <summary>
/// One track among scored hits. Soft weights have no answer where background makes a second segment in a station: the centroid of each plane then lies between
/// two tracks. The classical method's search decides for one of them, each plane of a candidate being worth what the scores of its hits say; hits
/// off the found track lose their weights, the others keep theirs.
/// </summary>
/// <remarks>
/// In a station where fewer than two planes, the least that a direction needs, keep a hit of half weight, all hits of the found track weigh 1: a network that
/// finds nothing there leaves the choice to the search. An event without a candidate keeps its weights as they are.
/// A selection, hence for trained networks alone: nothing is differentiated through it.
/// </remarks>
public sealed class TrackSearch
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

    /// <summary>A copy of <paramref name="weights"/> (one a hit, 0 to 1) in which hits off the found track weigh nothing.</summary>
    /// <param name="events">The events.</param>
    /// <param name="scores">Logits of the hits being the muon's, one a hit; NaN counts as no score.</param>
    /// <param name="weights">Weights that the hits would enter the fit with.</param>
    /// <param name="threads">Threads; the result does not depend on their number.</param>
    public double[] Within(EventSet events, float[] scores, double[] weights, WorkerThreads threads)
    {
        if (scores.Length != events.HitCount || weights.Length != events.HitCount)
        {
            throw new ArgumentException($"{scores.Length} scores and {weights.Length} weights for {events.HitCount} hits: one of each a hit.", nameof(weights));
        }

        double[] kept = [.. weights];
        Workspace[] workspaces = [.. Enumerable.Range(0, threads.Count).Select(_ => new Workspace(new(_fit.Detector, _options, _clustering), _station))];
        try
        {
            threads.Run((events.Count + ChunkSize - 1) / ChunkSize, (chunk, worker) =>
            {
                for (int e = chunk * ChunkSize; e < Math.Min((chunk + 1) * ChunkSize, events.Count); e++)
                {
                    Range hits = events.HitOffsets[e]..events.HitOffsets[e + 1];
                    workspaces[worker].Search(events, e, scores.AsSpan(hits), kept.AsSpan(hits));
                }
            });
        }
        finally
        {
            foreach (Workspace workspace in workspaces)
            {
                workspace.Dispose();
            }
        }

        return kept;
    }

    private sealed class Workspace(ClassicalMethod search, int[] station) : IDisposable
    {
        private readonly double[] _largest = new double[station.Length];
        private double[] _likeliness = [];
        private double[] _found = [];

        public void Search(EventSet events, int index, ReadOnlySpan<float> scores, Span<double> weights)
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
            if (!search.Select(events, index, _likeliness.AsSpan(0, scores.Length), found))
            {
                return;
            }

            ReadOnlySpan<byte> plane = events.HitPlane.AsSpan(events.HitOffsets[index], scores.Length);
            Array.Clear(_largest);
            for (int hit = 0; hit < weights.Length; hit++)
            {
                weights[hit] *= found[hit];
                _largest[plane[hit]] = Math.Max(_largest[plane[hit]], weights[hit]);
            }

            for (int hit = 0; hit < weights.Length; hit++)
            {
                if (Planes(station[plane[hit]]) < PlanesOfADirection)
                {
                    weights[hit] = found[hit];
                }
            }
        }

        public void Dispose() => search.Dispose();

        private int Planes(int wanted)
        {
            int planes = 0;
            for (int i = 0; i < _largest.Length; i++)
            {
                planes += station[i] == wanted && _largest[i] >= HalfWeight ? 1 : 0;
            }

            return planes;
        }
    }
}
