namespace Sagitta.Physics.Calorimeter;

/// <summary>Events of a file one by one, ready to be overlaid to frames. Safe to read from several threads.</summary>
internal sealed class CalorimeterEvents
{
    private const int LayerCount = 1000;
    private readonly MergedHit[] _hits;
    private readonly int[] _borders;
    private readonly HitPreparationOptions _options;

    internal CalorimeterEvents(MergedHit[] hits, HitPreparationOptions options)
    {
        _hits = hits;
        _options = options;
        List<int> borders = [0];
        for (int i = 1; i <= hits.Length; i++)
        {
            if (i == hits.Length || hits[i].Event != hits[i - 1].Event)
            {
                borders.Add(i);
            }
        }

        _borders = [.. borders];
    }

    /// <summary>Number of events, those without any hit not counted.</summary>
    public int Count => _borders.Length - 1;

    /// <summary>
    /// The frame of these events (numbers from 0 to <see cref="Count"/> - 1): layers behind a gap cut, small clusters dropped, deepest
    /// layer first, and within a layer in the order given.
    /// </summary>
    public CalorimeterFrame Overlay(ReadOnlySpan<int> events)
    {
        Span<int> perLayer = new int[LayerCount + 1];
        foreach (int number in events)
        {
            for (int i = _borders[number]; i < _borders[number + 1]; i++)
            {
                perLayer[_hits[i].Layer]++;
            }
        }

        int limit = HitPreparation.LayerLimit(Present(perLayer), _options);
        perLayer.Clear();
        int count = 0;
        foreach (int number in events)
        {
            for (int i = _borders[number]; i < _borders[number + 1]; i++)
            {
                if (Kept(_hits[i], limit))
                {
                    perLayer[_hits[i].Layer]++;
                    count++;
                }
            }
        }

        // From counts to the place of the first hit of each layer, the deepest layer first.
        int place = 0;
        for (int layer = LayerCount - 1; layer >= 0; layer--)
        {
            (perLayer[layer], place) = (place, place + perLayer[layer]);
        }

        CalorimeterFrame frame = new()
        {
            Events = events.Length,
            Layer = new int[count],
            X = new float[count],
            Y = new float[count],
            Z = new float[count],
            Energy = new float[count],
            TruthEvent = new int[count],
            TruthTrack = new int[count],
            TruthPrimary = new bool[count],
        };
        foreach (int number in events)
        {
            for (int i = _borders[number]; i < _borders[number + 1]; i++)
            {
                MergedHit hit = _hits[i];
                if (!Kept(hit, limit))
                {
                    continue;
                }

                int at = perLayer[hit.Layer]++;
                frame.Layer[at] = hit.Layer;
                frame.X[at] = (float)hit.X;
                frame.Y[at] = (float)hit.Y;
                frame.Z[at] = (float)hit.Z;
                frame.Energy[at] = (float)hit.Energy;
                frame.TruthEvent[at] = hit.Event;
                frame.TruthTrack[at] = hit.Track;
                frame.TruthPrimary[at] = hit.Primary;
            }
        }

        return frame;
    }

    private static List<int> Present(ReadOnlySpan<int> perLayer)
    {
        List<int> layers = [];
        for (int layer = 0; layer < perLayer.Length; layer++)
        {
            if (perLayer[layer] > 0)
            {
                layers.Add(layer);
            }
        }

        return layers;
    }

    private bool Kept(MergedHit hit, int limit) => hit.Layer < limit && HitPreparation.ClusterSize(hit.Energy) >= _options.SmallestCluster;
}
