namespace Sagitta.Physics.Endcap;

/// <summary>
/// Events as files: the project's NPZ, with or without truth, and tables of a user's own hits (CSV, NPZ, Parquet) with the columns event,
/// plane, u, charge and time, a row a hit (docs/formats.md). Either comes from a file or a pipe.
/// </summary>
internal static class EndcapEventFile
{
    private const int MostEvents = 4096;
    private const int MostHits = 1 << 19;
    private const double LargestShift = 1;
    private const string FormatVersion = "sagitta-endcap-events-1";
    private const string Format = "format";
    private const string Offsets = "offsets";
    private const string MuonOffsets = "muon_offsets";
    private const string PlaneGeometry = "plane_geometry";
    private const string PlaneField = "plane_field";
    private static readonly ColumnRequest _u = new("u", ColumnKind.Number, "mm") { Low = -1e5, High = 1e5, Aliases = ["y"] };
    private static readonly string[] _truth = ["x", "y", "tx", "ty", "q_over_p"];

    public static void Write(string path, EndcapEvents events, EndcapGeometry geometry)
    {
        using NpzWriter writer = new(path);
        writer.AddText(Format, FormatVersion);
        writer.Add<double>(PlaneGeometry, geometry.PlaneRows(), geometry.Planes.Count, EndcapGeometry.PlaneColumns);
        writer.Add<double>(PlaneField, geometry.FieldRows(), geometry.Planes.Count, 3);
        writer.Add<int>(Offsets, events.Offsets);
        writer.Add<long>("number", events.Number);
        writer.Add<byte>("plane", events.Plane);
        writer.Add<float>("u", events.U);
        writer.Add<float>("charge", events.Charge);
        writer.Add<float>("time", events.Time);
        if (events.HasTruth)
        {
            writer.Add<short>("label", events.Label);
            writer.Add<int>(MuonOffsets, events.MuonOffsets);
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

    /// <summary>Reads events of either kind, with their truth where the file has it.</summary>
    /// <exception cref="BadInputException">The file is missing, damaged, or its hits are not of this detector.</exception>
    public static EndcapEvents Read(string path, EndcapGeometry geometry, ColumnMapping? mapping = null)
    {
        using TableSource source = TableFile.Open(path);
        return source.Archive is not { } archive || !archive.Contains(Offsets)
            ? FromTable(source.Read(Requests(geometry), mapping), geometry)
            : WithTruth(archive, geometry, Parts(archive, geometry, int.MaxValue, int.MaxValue).Single());
    }

    /// <summary>The hits alone, some thousand events at a time, so that memory does not grow with their number. All come at once of a table
    /// whose rows are not in the order of their events. Of a share, by an index that <see cref="Index"/> made, its events
    /// alone.</summary>
    public static IEnumerable<EndcapEvents> ReadParts(
        string path, EndcapGeometry geometry, ColumnMapping? mapping = null, ReadShare? share = null)
    {
        using TableSource source = TableFile.Open(path);
        IEnumerable<EndcapEvents> parts = source.Archive is { } archive && archive.Contains(Offsets)
            ? Parts(archive, geometry, MostEvents, MostHits, share)
            : source.ReadGroups(Requests(geometry), mapping, "event", share).Select(table => FromTable(table, geometry));
        foreach (EndcapEvents part in parts)
        {
            yield return share is { Index.Ascends: false } ? part.Slice((int)share.First, (int)share.Count) : part;
        }
    }

    /// <summary>How many events there are to share, and where they are. A table whose rows are not in the order of their events is read
    /// whole for it, and for each share.</summary>
    public static GroupIndex Index(string path, EndcapGeometry geometry, ColumnMapping? mapping = null)
    {
        using TableSource source = TableFile.Open(path);
        GroupIndex index = source.Archive is { } archive && archive.Contains(Offsets) ? new(archive.Header("number").Count)
            : source.Index(Requests(geometry), mapping, "event");
        return index.Ascends ? index : index with { Count = ReadParts(path, geometry, mapping).Sum(part => (long)part.Count) };
    }

    private static IEnumerable<EndcapEvents> Parts(
        NpzReader archive, EndcapGeometry geometry, int mostEvents, int mostHits, ReadShare? share = null)
    {
        CheckGeometry(archive, geometry);
        string where = $"'{archive.Name}'";
        using NpzPieces numbers = archive.Pieces<long>("number", -1), offsets = archive.Pieces<int>(Offsets, numbers.Left + 1),
            plane = archive.Pieces<byte>("plane", -1), u = archive.Pieces<float>("u", plane.Left),
            charge = archive.Pieces<float>("charge", plane.Left), time = archive.Pieces<float>("time", plane.Left);
        long hits = plane.Left, rest = numbers.Left - (share?.First + share?.Count ?? numbers.Left);
        NpzPieces[] arrays = [numbers, offsets, plane, u, charge, time];
        ReadShare.Begin(share, arrays);
        numbers.Skip(share?.First ?? 0);
        offsets.Skip(share?.First ?? 0);
        int begin = offsets.Read<int>(1)[0];
        bool isFirst = share is null or { First: 0 };
        if (isFirst ? begin != 0 : begin < 0 || begin > hits)
        {
            throw Misfit(where, Offsets, isFirst ? "it does not begin with 0" : $"it has {begin} of {hits} hits");
        }

        Array.ForEach([plane, u, charge, time], column => column.Skip(begin));
        do
        {
            long[] number = numbers.Read<long>((int)Math.Min(numbers.Left - rest, mostEvents));
            int[] ends = offsets.Read<int>(number.Length);
            if (ends.Length > 0 && (ends[0] < begin || ends.Zip(ends.Skip(1)).Any(pair => pair.Second < pair.First) || ends[^1] > hits))
            {
                throw Misfit(where, Offsets, ends[^1] > hits ? $"it goes to {ends[^1]}, and there are {hits} hits" : "its numbers fall");
            }

            for (int from = 0, to; from < number.Length || number.Length == 0; from = to)
            {
                to = from;
                while (to < number.Length && (to == from || ends[to] - begin <= mostHits))
                {
                    to++;
                }

                int count = to == from ? 0 : ends[to - 1] - begin;
                EndcapEvents part = WithoutTruth(number[from..to], [0, .. ends[from..to].Select(end => end - begin)],
                    plane.Read<byte>(count), u.Read<float>(count), charge.Read<float>(count), time.Read<float>(count));
                Check(where, part, geometry, begin);
                begin += count;
                if (numbers.Left == 0 && to == number.Length && begin != hits)
                {
                    throw Misfit(where, Offsets, $"it ends with {begin}, and there are {hits} hits");
                }

                yield return part;
                if (number.Length == 0)
                {
                    break;
                }
            }
        }
        while (numbers.Left > rest);
        ReadShare.Finish(arrays);
    }

    private static EndcapEvents WithTruth(NpzReader archive, EndcapGeometry geometry, EndcapEvents hits)
    {
        if (!archive.Contains(MuonOffsets))
        {
            return hits;
        }

        string where = $"'{archive.Name}'";
        int[] offsets = archive.Read<int>(MuonOffsets, hits.Count + 1);
        int muons = offsets[^1];
        if (offsets[0] != 0 || offsets.Zip(offsets.Skip(1)).Any(pair => pair.Second < pair.First))
        {
            throw Misfit(where, MuonOffsets, "it does not begin with 0, or its numbers fall");
        }

        double[][] columns = [.. _truth.Select(name => archive.Read<double>(name, muons))];
        for (int c = 0; c < columns.Length; c++)
        {
            HitSet.CheckDomain<double>(where, _truth[c], new(_truth[c], ColumnKind.Number), columns[c]);
        }

        if (Array.IndexOf(columns[^1], 0) is var still and >= 0)
        {
            throw new BadInputException($"{where}, array 'q_over_p', element {still}", "a muon has no momentum without end",
                "give its charge over its momentum in 1/GeV");
        }

        EndcapEvents events = hits with
        {
            HasTruth = true,
            Label = archive.Read<short>("label", hits.Plane.Length),
            MuonOffsets = offsets,
            Muons = [.. columns[0].Select((x, i) => new TrackState(x, columns[1][i], columns[2][i], columns[3][i], columns[4][i]))],
            Crossings = archive.Read<float>("crossings", (long)muons * geometry.Planes.Count),
            IsClosePair = archive.Read<bool>("close_pair", hits.Count),
        };
        HitSet.CheckDomain<float>(where, "crossings", _u with { MayBeUnknown = true }, events.Crossings);
        for (int e = 0; e < events.Count; e++)
        {
            int own = offsets[e + 1] - offsets[e];
            for (int hit = events.Offsets[e]; hit < events.Offsets[e + 1]; hit++)
            {
                if (events.Label[hit] < EndcapEvents.NoMuon || events.Label[hit] >= own)
                {
                    throw new BadInputException($"{where}, array 'label', element {hit}",
                        $"{events.Label[hit]} is no muon of event {events.Number[e]}, which has {own}",
                        $"give the muon's number in its event, from 0, or {EndcapEvents.NoMuon} for none");
                }
            }
        }

        return events;
    }

    // Files of older versions do not say.
    private static void CheckGeometry(NpzReader archive, EndcapGeometry geometry)
    {
        if (archive.Contains(PlaneGeometry) && archive.Contains(PlaneField) && geometry.Difference(
            archive.Read<double>(PlaneGeometry, -1, EndcapGeometry.PlaneColumns), archive.Read<double>(
                PlaneField, -1, 3)) is { } difference)
        {
            throw new BadInputException($"'{archive.Name}'",
                $"its events were made with another geometry than '{geometry.Detector.Name}' has: {difference}",
                "give the detector file that the events were made with");
        }
    }

    private static void Check(string where, EndcapEvents events, EndcapGeometry geometry, int firstHit)
    {
        HitSet.CheckDomain<float>(where, "u", _u, events.U, firstHit);
        HitSet.CheckDomain<float>(where, "charge", MuonHitReader.Charge, events.Charge, firstHit);
        HitSet.CheckDomain<float>(where, "time", MuonHitReader.Time, events.Time, firstHit);
        for (int e = 0; e < events.Count; e++)
        {
            for (int hit = events.Offsets[e]; hit < events.Offsets[e + 1]; hit++)
            {
                bool first = hit == events.Offsets[e];
                if (events.Plane[hit] >= geometry.Planes.Count)
                {
                    throw new BadInputException($"{where}, array 'plane', element {firstHit + hit}",
                        $"the detector has no plane {events.Plane[hit]}", $"planes are numbered from 0 to {geometry.Planes.Count - 1}");
                }

                if (!first && (events.Plane[hit] < events.Plane[hit - 1]
                    || (events.Plane[hit] == events.Plane[hit - 1] && events.U[hit] < events.U[hit - 1])))
                {
                    throw new BadInputException($"{where}, array 'u', element {firstHit + hit}",
                        $"the hits of event {events.Number[e]} are not in order", "sort the hits of each event by plane, then by u");
                }

                if (!first && events.IsCopy(hit))
                {
                    throw new BadInputException($"{where}, array 'u', element {firstHit + hit}",
                        $"event {events.Number[e]} holds one hit twice", "leave copies out");
                }
            }
        }
    }

    private static ColumnRequest[] Requests(EndcapGeometry geometry) =>
    [
        new("event", ColumnKind.WholeNumber, "number of the event"),
        new("plane", ColumnKind.WholeNumber, "index of the plane from 0") { Low = 0, High = geometry.Planes.Count - 1 },
        _u,
        new("z", ColumnKind.Number, "mm") { Optional = true },
        MuonHitReader.Charge,
        MuonHitReader.Time,
    ];

    // Copies of a hit are left out: as independent measurements they would shrink stated errors.
    private static EndcapEvents FromTable(ColumnTable table, EndcapGeometry geometry)
    {
        long[] number = table.Wholes("event");
        int[] plane = table.Integers("plane");
        double[] z = table.Numbers("z");
        for (int row = 0; row < z.Length; row++)
        {
            double place = geometry.Planes[plane[row]].Z;
            if (Math.Abs(z[row] - place) > LargestShift)
            {
                throw table.Bad("z", row, string.Create(CultureInfo.InvariantCulture,
                    $"{z[row]} is not the place of plane {plane[row]}, {place} mm"),
                    "give z in mm (--columns 'z=z*10' reads centimetres) and the planes of this detector, or leave z out");
            }
        }

        float[] u = Array.ConvertAll(table.Numbers("u"), value => (float)value);
        float[] charge = Array.ConvertAll(table.Numbers("charge"), value => (float)value);
        float[] time = Array.ConvertAll(table.Numbers("time"), value => (float)value);
        int[] order = [.. Enumerable.Range(0, table.Count).OrderBy(row => number[row]).ThenBy(row => plane[row]).ThenBy(row => u[row])
            .ThenBy(row => charge[row]).ThenBy(row => time[row])];
        List<int> offsets = [], kept = new(order.Length);
        List<long> numbers = [];
        foreach (int row in order)
        {
            bool begins = kept.Count == 0 || number[row] != number[kept[^1]];
            if (begins)
            {
                offsets.Add(kept.Count);
                numbers.Add(number[row]);
            }
            else if (plane[row] == plane[kept[^1]] && u[row] == u[kept[^1]] && charge[row] == charge[kept[^1]]
                && time[row] == time[kept[^1]])
            {
                continue;
            }

            kept.Add(row);
        }

        return WithoutTruth([.. numbers], [.. offsets, kept.Count], [.. kept.Select(row => (byte)plane[row])],
            [.. kept.Select(row => u[row])], [.. kept.Select(row => charge[row])], [.. kept.Select(row => time[row])]) with
        {
            Copies = order.Length - kept.Count,
            Notes = table.Notes,
        };
    }

    private static EndcapEvents WithoutTruth(long[] number, int[] offsets, byte[] plane, float[] u, float[] charge, float[] time)
    {
        short[] labels = new short[plane.Length];
        Array.Fill(labels, EndcapEvents.NoMuon);
        return new()
        {
            Number = number,
            Offsets = offsets,
            Plane = plane,
            U = u,
            Charge = charge,
            Time = time,
            HasTruth = false,
            Label = labels,
            MuonOffsets = new int[number.Length + 1],
            Muons = [],
            Crossings = [],
            IsClosePair = new bool[number.Length],
        };
    }

    private static BadInputException Misfit(string where, string array, string problem) => new($"{where}, array '{array}'", problem,
        "offsets begin with 0, do not fall, and end with the number of what they count");
}
