namespace Sagitta.Physics.Endcap;

/// <summary>
/// Events as files: the project's NPZ, with or without truth, and tables of a user's own hits (CSV, NPZ, Parquet) with the columns event,
/// plane, u, charge and time, a row a hit (docs/formats.md).
/// </summary>
internal static class EndcapEventFile
{
    private const string Truth = "muon_offsets";

    public static void Write(string path, EndcapEvents events)
    {
        using NpzWriter writer = new(path);
        writer.Add<int>("offsets", events.Offsets);
        writer.Add<long>("number", events.Number);
        writer.Add<byte>("plane", events.Plane);
        writer.Add<float>("u", events.U);
        writer.Add<float>("charge", events.Charge);
        writer.Add<float>("time", events.Time);
        if (events.HasTruth)
        {
            writer.Add<short>("label", events.Label);
            writer.Add<int>(Truth, events.MuonOffsets);
            writer.Add<double>("x", [.. events.Muons.Select(m => m.X)]);
            writer.Add<double>("y", [.. events.Muons.Select(m => m.Y)]);
            writer.Add<double>("tx", [.. events.Muons.Select(m => m.Tx)]);
            writer.Add<double>("ty", [.. events.Muons.Select(m => m.Ty)]);
            writer.Add<double>("q_over_p", [.. events.Muons.Select(m => m.QOverP)]);
            writer.Add<float>("crossings", events.Crossings);
            writer.Add<bool>("close_pair", events.IsClosePair);
        }

        writer.Commit();
    }

    /// <summary>Reads events of either kind.</summary>
    /// <exception cref="BadInputException">The file is missing, damaged, or its hits are not of this detector.</exception>
    public static EndcapEvents Read(string path, EndcapGeometry geometry)
    {
        EndcapEvents events = IsEventFile(path) ? ReadNpz(path) : ReadTable(path, geometry);
        for (int e = 0; e < events.Count; e++)
        {
            for (int hit = events.Offsets[e]; hit < events.Offsets[e + 1]; hit++)
            {
                bool known = events.Plane[hit] < geometry.Planes.Count;
                if (!known || !float.IsFinite(events.U[hit] + events.Charge[hit] + events.Time[hit]))
                {
                    throw new BadInputException($"'{path}', event {events.Number[e]}, hit {hit - events.Offsets[e]}",
                        known ? "u, charge or time is not finite" : $"the detector has no plane {events.Plane[hit]}",
                        known ? "leave such hits out" : $"planes are numbered from 0 to {geometry.Planes.Count - 1}");
                }
            }
        }

        return events;
    }

    private static bool IsEventFile(string path)
    {
        if (!path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) || !File.Exists(path))
        {
            return false;
        }

        using NpzReader reader = new(path);
        return reader.Contains("offsets");
    }

    private static EndcapEvents ReadNpz(string path)
    {
        using NpzReader reader = new(path);
        byte[] plane = reader.Read<byte>("plane");
        long[] number = reader.Read<long>("number");
        bool truth = reader.Contains(Truth);
        double[][] muons = [.. ((string[])["x", "y", "tx", "ty", "q_over_p"]).Select(name => truth ? reader.Read<double>(name) : [])];
        EndcapEvents events = new()
        {
            Offsets = reader.Read<int>("offsets"),
            Number = number,
            Plane = plane,
            U = reader.Read<float>("u"),
            Charge = reader.Read<float>("charge"),
            Time = reader.Read<float>("time"),
            HasTruth = truth,
            Label = truth ? reader.Read<short>("label") : Unknown(plane.Length),
            MuonOffsets = truth ? reader.Read<int>(Truth) : new int[number.Length + 1],
            Muons = [.. muons[0].Select((x, i) => new TrackState(x, muons[1][i], muons[2][i], muons[3][i], muons[4][i]))],
            Crossings = truth ? reader.Read<float>("crossings") : [],
            IsClosePair = truth ? reader.Read<bool>("close_pair") : new bool[number.Length],
        };
        int[] offsets = events.Offsets;
        bool fits = offsets.Length == number.Length + 1 && offsets[0] == 0 && offsets[^1] == plane.Length
            && events.U.Length == plane.Length && events.Charge.Length == plane.Length && events.Time.Length == plane.Length
            && events.Label.Length == plane.Length && events.MuonOffsets.Length == offsets.Length
            && events.MuonOffsets[^1] == events.Muons.Length && offsets.Zip(offsets.Skip(1)).All(pair => pair.First <= pair.Second);
        return fits ? events : throw new BadInputException($"'{path}'", "its arrays do not fit together",
            "offsets has one entry more than number, begins with 0 and ends with the number of hits; all arrays of hits are as long");
    }

    private static EndcapEvents ReadTable(string path, EndcapGeometry geometry)
    {
        ColumnTable table = TableFile.Read(path,
            [
                new("event", ColumnKind.WholeNumber, "number of the event") { Low = long.MinValue, High = long.MaxValue },
                new("plane", ColumnKind.WholeNumber, "index of the plane") { Low = 0, High = geometry.Planes.Count - 1 },
                new("u", ColumnKind.Number, "mm") { Low = -1e5, High = 1e5, Aliases = ["y"] },
                new("charge", ColumnKind.Number, "primary electrons") { Low = 0, High = 1e9, Default = 1 },
                new("time", ColumnKind.Number, "ns") { Low = -1e6, High = 1e6, Default = 0 },
            ]);
        long[] number = table.Wholes("event");
        int[] plane = table.Integers("plane");
        double[] u = table.Numbers("u");
        (double[] charge, double[] time) = (table.Numbers("charge"), table.Numbers("time"));
        int[] order = [.. Enumerable.Range(0, table.Count).OrderBy(row => number[row]).ThenBy(row => plane[row]).ThenBy(row => u[row])];
        List<int> offsets = [];
        List<long> numbers = [];
        for (int i = 0; i < order.Length; i++)
        {
            if (i == 0 || number[order[i]] != number[order[i - 1]])
            {
                offsets.Add(i);
                numbers.Add(number[order[i]]);
            }
        }

        return new()
        {
            Offsets = [.. offsets, order.Length],
            Number = [.. numbers],
            Plane = [.. order.Select(row => (byte)plane[row])],
            U = [.. order.Select(row => (float)u[row])],
            Charge = [.. order.Select(row => (float)charge[row])],
            Time = [.. order.Select(row => (float)time[row])],
            HasTruth = false,
            Label = Unknown(order.Length),
            MuonOffsets = new int[numbers.Count + 1],
            Muons = [],
            Crossings = [],
            IsClosePair = new bool[numbers.Count],
        };
    }

    private static short[] Unknown(int hits)
    {
        short[] labels = new short[hits];
        Array.Fill(labels, EndcapEvents.NoMuon);
        return labels;
    }
}
