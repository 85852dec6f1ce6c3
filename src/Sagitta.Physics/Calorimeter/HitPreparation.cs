using System.ComponentModel.DataAnnotations;

namespace Sagitta.Physics.Calorimeter;

/// <summary>From passages to hits: rows of one track in one layer merge (energies summed, positions averaged), layers behind a gap are cut,
/// small clusters are dropped, and events are overlaid (Kortus, Keidel, Gauger, arXiv:2407.13420, and its published code). Rows without
/// track numbers are hits as they are.</summary>
internal static class HitPreparation
{
    /// <summary>Pixels that a deposit would fire: 4.2267 (E / 25 um in keV/um)^0.65 rounded, the fit that the published code takes over
    /// from the Digital Tracking Calorimeter's ALPIDE chips.</summary>
    /// <param name="energy">Deposit in MeV.</param>
    public static int ClusterSize(double energy) => (int)Math.Floor((4.2267 * Math.Pow(1000 * energy / 25, 0.65)) + 0.5);

    /// <summary>Whether rows of a particle are kept.</summary>
    public static bool IsKept(long particle, HitPreparationOptions options) =>
        options.KeepElectronsAndPhotons || particle is not (11 or -11 or 22);

    /// <summary>The events of a file one by one, to be overlaid at will.</summary>
    public static CalorimeterEvents Events(CalorimeterDeposits deposits, HitPreparationOptions? options = null)
    {
        options ??= new();
        List<int> rows = [];
        for (int i = 0; i < deposits.Count; i++)
        {
            if (IsKept(deposits.Particle[i], options))
            {
                rows.Add(i);
            }
        }

        rows.Sort((a, b) => Compare(deposits, a, b));
        int all = rows.Count;
        rows = WithoutCopies(deposits, rows);
        long[] ids = [.. rows.Select(row => deposits.HitId.Length > 0 ? deposits.HitId[row] : deposits.FirstRow + row)];
        return new([.. Merge(deposits, rows)], ids, deposits.Frame.Length > 0, deposits.HasTruth, options)
        {
            Copies = all - rows.Count,
        };
    }

    // A read-out may write a row several times: its energy would count as often, and without track numbers each would be a hit.
    private static List<int> WithoutCopies(CalorimeterDeposits deposits, List<int> rows)
    {
        HashSet<(long, long, int, double, double, double, double)> seen = [];
        List<int> kept = new(rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            int row = rows[i];
            if (i > 0 && Group(deposits, row) != Group(deposits, rows[i - 1]))
            {
                seen.Clear();
            }

            if (seen.Add((deposits.EventNumber[row], deposits.Track.Length > 0 ? deposits.Track[row] : 0, deposits.Layer[row],
                deposits.X[row], deposits.Y[row], deposits.Z[row], deposits.Energy[row])))
            {
                kept.Add(row);
            }
        }

        return kept;
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

    private static long Group(CalorimeterDeposits deposits, int row) =>
        deposits.Frame.Length > 0 ? deposits.Frame[row] : deposits.EventNumber[row];

    private static int Compare(CalorimeterDeposits deposits, int a, int b)
    {
        int order = Group(deposits, a).CompareTo(Group(deposits, b));
        order = order != 0 ? order : deposits.EventNumber[a].CompareTo(deposits.EventNumber[b]);
        if (order == 0 && deposits.Track.Length > 0)
        {
            order = deposits.Track[a].CompareTo(deposits.Track[b]);
            order = order != 0 ? order : deposits.Layer[a].CompareTo(deposits.Layer[b]);
        }

        return order != 0 ? order : a.CompareTo(b);
    }

    private static bool AreOneHit(CalorimeterDeposits deposits, int a, int b) => deposits.Track.Length > 0
        && deposits.EventNumber[a] == deposits.EventNumber[b] && deposits.Track[a] == deposits.Track[b]
        && deposits.Layer[a] == deposits.Layer[b] && Group(deposits, a) == Group(deposits, b);

    private static List<MergedHit> Merge(CalorimeterDeposits deposits, List<int> rows)
    {
        List<MergedHit> hits = new(rows.Count);
        for (int first = 0; first < rows.Count;)
        {
            int row = rows[first];
            int next = first;
            double x = 0;
            double y = 0;
            double z = 0;
            double energy = 0;
            while (next < rows.Count && (next == first || AreOneHit(deposits, row, rows[next])))
            {
                x += deposits.X[rows[next]];
                y += deposits.Y[rows[next]];
                z += deposits.Z[rows[next]];
                energy += deposits.Energy[rows[next]];
                next++;
            }

            int count = next - first;
            hits.Add(new(Group(deposits, row), deposits.EventNumber[row], deposits.HasTruth ? deposits.Track[row] : 0,
                deposits.HasTruth && deposits.Parent[row] == 0, deposits.Layer[row], x / count, y / count, z / count, energy, first,
                count));
            first = next;
        }

        return hits;
    }
}

/// <summary>All passages of one track through one layer as one hit, with the place of its rows' identifiers.</summary>
internal readonly record struct MergedHit(long Group, long Event, long Track, bool Primary, int Layer, double X, double Y, double Z,
    double Energy, int FirstId, int Ids);

/// <summary>How passages become hits.</summary>
internal sealed record HitPreparationOptions
{
    /// <summary>Whether rows of electrons, positrons and photons are kept. Most of them lie within a pixel or two of their proton's hit and
    /// would merge with it in a real readout. Files without particle codes keep all rows.</summary>
    public bool KeepElectronsAndPhotons { get; init; }

    /// <summary>Hits whose pixel cluster would be smaller than this are dropped.</summary>
    [Range(0, 1_000_000)]
    public int SmallestCluster { get; init; } = 2;

    /// <summary>Layers behind a gap (a layer without any hit) are cut off. The published code also drops the last layer before the gap, by
    /// taking an index for a layer number; this switches that on, for comparison.</summary>
    public bool DropLayerBeforeGap { get; init; }

    /// <summary>As the published code does it.</summary>
    public static HitPreparationOptions Published { get; } = new() { KeepElectronsAndPhotons = true, DropLayerBeforeGap = true };
}
