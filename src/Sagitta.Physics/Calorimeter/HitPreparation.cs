namespace Sagitta.Physics.Calorimeter;

/// <summary>
/// From passages to frames of hits: rows of one track in one layer merge (energies summed, positions averaged), layers behind a gap
/// are cut, small clusters are dropped, and consecutive events are overlaid (Kortus, Keidel, Gauger, arXiv:2407.13420, and its published
/// code).
/// </summary>
internal static class HitPreparation
{
    /// <summary>
    /// Pixels that a deposit would fire: 4.2267 (E / 25 um in keV/um)^0.65 rounded, the fit that the published code takes over
    /// from the Digital Tracking Calorimeter's ALPIDE chips.
    /// </summary>
    /// <param name="energy">Deposit in MeV.</param>
    public static int ClusterSize(double energy) => (int)Math.Floor((4.2267 * Math.Pow(1000 * energy / 25, 0.65)) + 0.5);

    /// <summary>
    /// Frames of the given number of events each, in order of event number. Only events that left a row count; the events that do not fill
    /// a frame are left out.
    /// </summary>
    public static IReadOnlyList<CalorimeterFrame> Frames(
        CalorimeterDeposits deposits, int eventsPerFrame, HitPreparationOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(eventsPerFrame);
        CalorimeterEvents events = Events(deposits, options);
        CalorimeterFrame[] frames = new CalorimeterFrame[events.Count / eventsPerFrame];
        int[] chosen = new int[eventsPerFrame];
        for (int f = 0; f < frames.Length; f++)
        {
            for (int i = 0; i < eventsPerFrame; i++)
            {
                chosen[i] = (f * eventsPerFrame) + i;
            }

            frames[f] = events.Overlay(chosen);
        }

        return frames;
    }

    /// <summary>The events of a file one by one, to be overlaid at will.</summary>
    public static CalorimeterEvents Events(CalorimeterDeposits deposits, HitPreparationOptions? options = null)
    {
        options ??= new();
        List<int> rows = [];
        for (int i = 0; i < deposits.Count; i++)
        {
            if (options.KeepElectronsAndPhotons || deposits.Particle[i] is not (11 or -11 or 22))
            {
                rows.Add(i);
            }
        }

        int limit = LayerLimit(rows.Select(row => deposits.Layer[row]), options);
        rows.RemoveAll(row => deposits.Layer[row] >= limit);
        return new([.. Merge(deposits, rows)], options);
    }

    /// <summary>Layers from this one on lie behind a gap.</summary>
    internal static int LayerLimit(IEnumerable<int> layers, HitPreparationOptions options)
    {
        int[] present = [.. layers.Distinct().Order()];
        for (int i = 0; i + 1 < present.Length; i++)
        {
            if (present[i + 1] != present[i] + 1)
            {
                return options.DropLayerBeforeGap ? i : present[i] + 1;
            }
        }

        return int.MaxValue;
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
            hits.Add(new(deposits.EventNumber[row], deposits.Track[row], deposits.Parent[row] == 0, deposits.Layer[row], x / count,
                y / count, z / count, energy));
            first = next;
        }

        return hits;
    }
}
