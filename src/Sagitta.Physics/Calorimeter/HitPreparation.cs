namespace Sagitta.Physics.Calorimeter;

/// <summary>
/// From passages to frames of hits: rows of one track in one layer merge (energies summed, positions averaged), layers behind a gap
/// are cut, small clusters are dropped, and consecutive events are overlaid (Kortus, Keidel, Gauger, arXiv:2407.13420, and its published code).
/// </summary>
public static class HitPreparation
{
    /// <summary>
    /// Pixels that a deposit would fire: 4.2267 (E / 25 um in keV/um)^0.65 rounded, the fit that the published code takes over
    /// from the Digital Tracking Calorimeter's ALPIDE chips.
    /// </summary>
    /// <param name="energy">Deposit in MeV.</param>
    public static int ClusterSize(double energy) => (int)Math.Floor((4.2267 * Math.Pow(1000 * energy / 25, 0.65)) + 0.5);

    /// <summary>
    /// Frames of the given number of events each, in order of event number. Only events that left a row count; the events that do not fill a frame
    /// are left out.
    /// </summary>
    public static IReadOnlyList<CalorimeterFrame> Frames(CalorimeterDeposits deposits, int eventsPerFrame, HitPreparationOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(eventsPerFrame);
        options ??= new();
        List<int> rows = [];
        for (int i = 0; i < deposits.Count; i++)
        {
            if (options.KeepElectronsAndPhotons || deposits.Particle[i] is not (11 or -11 or 22))
            {
                rows.Add(i);
            }
        }

        rows = CutBehindGap(rows, i => deposits.Layer[i], options);
        List<MergedHit> hits = Merge(deposits, rows);
        List<CalorimeterFrame> frames = [];
        int begin = 0;
        int events = 0;
        for (int i = 0; i < hits.Count; i++)
        {
            bool last = i + 1 == hits.Count || hits[i + 1].Event != hits[i].Event;
            if (last && ++events == eventsPerFrame)
            {
                frames.Add(Frame(hits.GetRange(begin, i + 1 - begin), events, options));
                begin = i + 1;
                events = 0;
            }
        }

        return frames;
    }

    private static List<TItem> CutBehindGap<TItem>(List<TItem> items, Func<TItem, int> layerOf, HitPreparationOptions options)
    {
        int[] layers = [.. items.Select(layerOf).Distinct().Order()];
        for (int i = 0; i + 1 < layers.Length; i++)
        {
            if (layers[i + 1] != layers[i] + 1)
            {
                int limit = options.DropLayerBeforeGap ? i : layers[i] + 1;
                return [.. items.Where(item => layerOf(item) < limit)];
            }
        }

        return items;
    }

    private static List<MergedHit> Merge(CalorimeterDeposits deposits, List<int> rows)
    {
        rows.Sort((a, b) =>
        {
            int order = deposits.EventNumber[a].CompareTo(deposits.EventNumber[b]);
            order = order != 0 ? order : deposits.Track[a].CompareTo(deposits.Track[b]);
            order = order != 0 ? order : deposits.Layer[a].CompareTo(deposits.Layer[b]);
            return order != 0 ? order : a.CompareTo(b);
        });
        List<MergedHit> hits = new(rows.Count);
        for (int first = 0; first < rows.Count;)
        {
            int row = rows[first];
            int next = first;
            double x = 0;
            double y = 0;
            double z = 0;
            double energy = 0;
            while (next < rows.Count && deposits.EventNumber[rows[next]] == deposits.EventNumber[row]
                && deposits.Track[rows[next]] == deposits.Track[row] && deposits.Layer[rows[next]] == deposits.Layer[row])
            {
                x += deposits.X[rows[next]];
                y += deposits.Y[rows[next]];
                z += deposits.Z[rows[next]];
                energy += deposits.Energy[rows[next]];
                next++;
            }

            int count = next - first;
            hits.Add(new(deposits.EventNumber[row], deposits.Track[row], deposits.Parent[row] == 0, deposits.Layer[row], x / count, y / count, z / count, energy));
            first = next;
        }

        return hits;
    }

    private static CalorimeterFrame Frame(List<MergedHit> hits, int events, HitPreparationOptions options)
    {
        hits = CutBehindGap(hits, hit => hit.Layer, options);
        MergedHit[] kept = [.. hits.Where(hit => ClusterSize(hit.Energy) >= options.SmallestCluster).OrderByDescending(hit => hit.Layer)];
        return new()
        {
            Events = events,
            Layer = [.. kept.Select(hit => hit.Layer)],
            X = [.. kept.Select(hit => (float)hit.X)],
            Y = [.. kept.Select(hit => (float)hit.Y)],
            Z = [.. kept.Select(hit => (float)hit.Z)],
            Energy = [.. kept.Select(hit => (float)hit.Energy)],
            TruthEvent = [.. kept.Select(hit => hit.Event)],
            TruthTrack = [.. kept.Select(hit => hit.Track)],
            TruthPrimary = [.. kept.Select(hit => hit.Primary)],
        };
    }

    private readonly record struct MergedHit(int Event, int Track, bool Primary, int Layer, double X, double Y, double Z, double Energy);
}
