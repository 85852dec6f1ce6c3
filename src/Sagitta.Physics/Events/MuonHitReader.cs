namespace Sagitta.Physics.Events;

/// <summary>
/// Reads muon hits from a table in any order of rows and columns (docs/formats.md). Events come out in order of their numbers, the hits of
/// an event by plane, then by y, so that a shuffled file gives the same hits. Beside NAME_hits.csv, roads are taken from NAME_events.csv
/// where there is one.
/// </summary>
internal static class MuonHitReader
{
    // Twice the distance by which rounding and the choice of a plane's surface move z; planes of any detector lie further apart.
    private const double LargestShift = 1;
    private const double LargestPlace = 1e6;

    /// <summary>Columns with what they may hold, in tables and in event files.</summary>
    public static ColumnRequest Y { get; } = new("y", ColumnKind.Number, "mm") { Low = -LargestPlace, High = LargestPlace };

    /// <summary>Charge of a hit.</summary>
    public static ColumnRequest Charge { get; } =
        new("charge", ColumnKind.Number, "primary electrons") { Default = 1, WhenMissing = "1 for every hit", Low = 0, High = 1e9 };

    /// <summary>Time of a hit.</summary>
    public static ColumnRequest Time { get; } =
        new("time", ColumnKind.Number, "ns") { Default = 0, WhenMissing = "0 ns for every hit", Low = -1e9, High = 1e9 };

    /// <summary>Centre of a road.</summary>
    public static ColumnRequest RoadCentre { get; } =
        Y with { Name = "road", Optional = true, MayBeUnknown = true };

    /// <summary>Reads a file: CSV (plain or gzip), NPZ, Parquet, Arrow or HDF5, or an event file.</summary>
    /// <param name="path">The file, or NAME.csv for the pair NAME_hits.csv and NAME_events.csv, as for other endings.</param>
    /// <param name="detector">The detector whose planes the hits name.</param>
    /// <param name="mapping">How the file calls its columns; null where it uses the names of docs/formats.md.</param>
    /// <exception cref="BadInputException">A column is missing, or a value can't be used.</exception>
    public static MuonHits Read(string path, Detector detector, ColumnMapping? mapping = null)
    {
        using TableSource source = TableFile.Open(EventTables.HitsOf(path));
        using TableSource? events = EventTables.EventsOf(source.Name);
        return Read(source, events, detector, mapping).WithCounts();
    }

    /// <summary>Reads a stream, which is closed.</summary>
    public static MuonHits Read(Stream stream, string name, Detector detector, ColumnMapping? mapping = null)
    {
        using TableSource source = TableFile.Open(stream, name);
        return Read(source, null, detector, mapping).WithCounts();
    }

    /// <summary>The hits of a table or an event file, of a pipe or of standard input, some thousand events at a time and in ascending
    /// order, so that memory does not grow with their number. All come at once of a pair of files, and where rows are not in the order
    /// of their events. What is to be told with a number is told at the end, by <see cref="MuonHits.Counts"/>.</summary>
    /// <param name="path">See <see cref="Read(string, Detector, ColumnMapping)"/>.</param>
    /// <param name="detector">The detector whose planes the hits name.</param>
    /// <param name="mapping">How the file calls its columns.</param>
    /// <param name="share">The events to read, by an index that <see cref="Index"/> made; null for all.</param>
    /// <exception cref="BadInputException">A column is missing, a value can't be used, or events of a pipe are not in order.</exception>
    public static IEnumerable<MuonHits> ReadParts(
        string path, Detector detector, ColumnMapping? mapping = null, ReadShare? share = null)
    {
        using TableSource source = TableFile.Open(EventTables.HitsOf(path));
        using TableSource? events = EventTables.EventsOf(source.Name);
        IEnumerable<MuonHits> parts = source.Archive is { } archive && EventFile.Is(archive)
            ? EventFile.ReadParts(archive, detector, share).Select(hits => new MuonHits(hits, []))
            : events is not null ? [Read(source, events, detector, mapping)]
            : source.ReadGroups(Requests(detector), mapping, "event", share).Select(table => Read(table, null, detector, mapping));
        foreach (MuonHits part in parts)
        {
            HitSet? own = share is { Index.Ascends: false } ? part.Hits.Slice((int)share.First, (int)share.Count) : null;
            yield return own is null ? part : part with { Hits = own, WithoutRoad = WithoutRoad(own) };
        }
    }

    /// <summary>How many events there are to share, and where they are. A pair of files, or a table whose rows are not in the order of
    /// their events, is read whole for it, and for each share.</summary>
    public static GroupIndex Index(string path, Detector detector, ColumnMapping? mapping = null)
    {
        using TableSource source = TableFile.Open(EventTables.HitsOf(path));
        using TableSource? events = EventTables.EventsOf(source.Name);
        GroupIndex index = source.Archive is { } archive && EventFile.Is(archive) ? new(EventFile.CountOf(archive))
            : events is not null ? new(0) { Ascends = false } : source.Index(Requests(detector), mapping, "event");
        return index.Ascends ? index
            : index with { Count = ReadParts(path, detector, mapping).Sum(part => (long)part.Hits.Count) };
    }

    private static MuonHits Read(TableSource source, TableSource? events, Detector detector, ColumnMapping? mapping) =>
        source.Archive is { } archive && EventFile.Is(archive) ? new(EventFile.ReadHits(archive, detector), [])
            : Read(source.Read(Requests(detector), mapping), events, detector, mapping);

    private static ColumnRequest[] Requests(Detector detector) =>
    [
        new("event", ColumnKind.WholeNumber, "number of the event"),
        new("plane", ColumnKind.Name, "index from 0, or name of the plane"),
        Y,
        new("z", ColumnKind.Number, "mm") { Optional = true },
        Charge,
        Time,
        RoadCentre,
        .. Roads(detector),
    ];

    private static MuonHits Read(ColumnTable table, TableSource? eventsSource, Detector detector, ColumnMapping? mapping)
    {
        ColumnRequest[] roads = Roads(detector);
        string planeColumn = mapping?.Columns.GetValueOrDefault("plane")?.Source ?? "plane";
        byte[] plane = Planes(table, detector, planeColumn);
        CheckPlaces(table, detector, plane);
        List<string> notes = [.. table.Notes];
        long[] number = table.Wholes("event");
        bool own = table.Has("road") || roads.Any(road => table.Has(road.Name));
        ColumnTable? events = own || eventsSource?.Names.Contains("event", StringComparer.Ordinal) != true ? null
            : eventsSource.Read([new("event", ColumnKind.WholeNumber), .. roads]);
        long[] numbers = Distinct([.. number, .. events?.Wholes("event") ?? []]);
        HitSet hits = Sorted(table, detector, plane, number, numbers);
        int all = hits.HitCount;
        hits = WithoutCopies(hits);
        FillRoads(hits, numbers, own ? table : events, roads, own && table.Has("road") ? plane : null);
        if (events is not null)
        {
            notes.Add($"roads and events are those of '{eventsSource!.Name}'");
        }

        return new(hits, notes) { Copies = all - hits.HitCount, WithoutRoad = WithoutRoad(hits) };
    }

    private static ColumnRequest[] Roads(Detector detector) =>
    [
        .. Enumerable.Range(0, detector.StationCount).Select(
            station => RoadCentre with { Name = $"road_{station}", Aliases = [$"road{station}"] }),
    ];

    private static byte[] Planes(ColumnTable table, Detector detector, string column)
    {
        NameColumn names = table.Names("plane");
        int[] known = [.. names.Names.Select(name => PlaneOf(name, detector))];
        byte[] plane = new byte[table.Count];
        for (int row = 0; row < plane.Length; row++)
        {
            int index = known[names.Code[row]];
            plane[row] = index >= 0 ? (byte)index
                : throw table.Bad("plane", row, $"'{names.Names[names.Code[row]]}' is no plane of detector '{detector.Name}'",
                    PlaneRemedy(names.Names[names.Code[row]], names.Names, detector, column));
        }

        return plane;
    }

    private static int PlaneOf(string name, Detector detector)
    {
        for (int p = 0; p < detector.Planes.Count; p++)
        {
            if (detector.Planes[p].Name.Length > 0 && string.Equals(detector.Planes[p].Name, name, StringComparison.Ordinal))
            {
                return p;
            }
        }

        ReadOnlySpan<char> index = name.Length > 1 && name[0] is 'P' or 'p' ? name.AsSpan(1) : name;
        return NumberText.TryRead(index, out double value)
            && value == Math.Floor(value) && value >= 0 && value < detector.Planes.Count ? (int)value : -1;
    }

    private static string PlaneRemedy(string given, IReadOnlyList<string> all, Detector detector, string column)
    {
        string[] names = [.. detector.Planes.Select(plane => plane.Name).Where(name => name.Length > 0)];
        string indices = string.Create(CultureInfo.InvariantCulture, $"planes have the indices 0 to {detector.Planes.Count - 1}");
        if (all.All(name => NumberText.TryRead(name, out int n) && n >= 1
            && n <= detector.Planes.Count))
        {
            return $"{indices}: where they are counted from 1, give --columns 'plane={column}-1'";
        }

        return names.Length == 0 ? $"{indices}; give those, or names (field 'name' of each plane) in the detector's file"
            : $"{indices} or the names {string.Join(", ", names)}; did you mean '{NearestName.Of(given, names)}'?";
    }

    private static void CheckPlaces(ColumnTable table, Detector detector, byte[] plane)
    {
        double[] z = table.Numbers("z");
        for (int row = 0; row < z.Length; row++)
        {
            double place = detector.Planes[plane[row]].NominalZ;
            if (Math.Abs(z[row] - place) > LargestShift)
            {
                throw table.Bad("z", row, string.Create(CultureInfo.InvariantCulture,
                    $"{z[row]} is not the place of plane {plane[row]}, {place} mm"),
                    "give z in mm (--columns 'z=z*10' reads centimetres) and the planes of this detector, or leave z out");
            }
        }
    }

    private static long[] Distinct(long[] numbers)
    {
        Array.Sort(numbers);
        int count = 0;
        foreach (long number in numbers)
        {
            if (count == 0 || numbers[count - 1] != number)
            {
                numbers[count++] = number;
            }
        }

        return numbers[..count];
    }

    private static HitSet Sorted(ColumnTable table, Detector detector, byte[] plane, long[] number, long[] numbers)
    {
        double[] y = table.Numbers("y");
        double[] charge = table.Numbers("charge");
        double[] time = table.Numbers("time");
        int[] order = [.. Enumerable.Range(0, table.Count)];
        Array.Sort(order, (a, b) =>
        {
            int sign = number[a].CompareTo(number[b]);
            sign = sign != 0 ? sign : plane[a].CompareTo(plane[b]);
            sign = sign != 0 ? sign : ((float)y[a]).CompareTo((float)y[b]);
            sign = sign != 0 ? sign : charge[a].CompareTo(charge[b]);
            sign = sign != 0 ? sign : time[a].CompareTo(time[b]);
            return sign != 0 ? sign : a.CompareTo(b);
        });
        int[] offsets = new int[numbers.Length + 1];
        foreach (long one in number)
        {
            offsets[Array.BinarySearch(numbers, one) + 1]++;
        }

        for (int e = 0; e < numbers.Length; e++)
        {
            offsets[e + 1] += offsets[e];
        }

        float[] roads = new float[numbers.Length * detector.StationCount];
        Array.Fill(roads, float.NaN);
        return new()
        {
            Detector = detector,
            EventNumber = numbers,
            Offsets = offsets,
            Plane = Array.ConvertAll(order, row => plane[row]),
            Y = Array.ConvertAll(order, row => (float)y[row]),
            Charge = Array.ConvertAll(order, row => (float)charge[row]),
            Time = Array.ConvertAll(order, row => (float)time[row]),
            RoadCentre = roads,
        };
    }

    // A read-out may write one hit several times; as independent measurements they would shrink the stated error.
    private static HitSet WithoutCopies(HitSet hits)
    {
        List<int> kept = new(hits.HitCount);
        for (int e = 0; e < hits.Count; e++)
        {
            for (int hit = hits.Offsets[e]; hit < hits.Offsets[e + 1]; hit++)
            {
                if (hit == hits.Offsets[e] || !hits.IsCopy(hit))
                {
                    kept.Add(hit);
                }
            }
        }

        return kept.Count == hits.HitCount ? hits : hits.Only(kept);
    }

    /// <summary>Roads from the hits' own columns (with their planes where there is a column 'road'), or from a table with a row for each
    /// event.</summary>
    private static void FillRoads(HitSet hits, long[] numbers, ColumnTable? from, ColumnRequest[] roads, byte[]? plane)
    {
        if (from is null)
        {
            return;
        }

        long[] number = from.Wholes("event");
        for (int station = 0; station < roads.Length; station++)
        {
            if (from.Has(roads[station].Name))
            {
                double[] road = from.Numbers(roads[station].Name);
                for (int row = 0; row < road.Length; row++)
                {
                    Set(roads[station].Name, row, station, road[row]);
                }
            }
        }

        if (plane is not null)
        {
            double[] road = from.Numbers("road");
            for (int row = 0; row < road.Length; row++)
            {
                Set("road", row, hits.Detector.Planes[plane[row]].Station, road[row]);
            }
        }

        void Set(string column, int row, int station, double value)
        {
            ref float road = ref hits.RoadCentre[(Array.BinarySearch(numbers, number[row]) * roads.Length) + station];
            if (!float.IsNaN(road) && !double.IsNaN(value) && road != (float)value)
            {
                throw from.Bad(column, row, string.Create(CultureInfo.InvariantCulture,
                    $"event {number[row]} has the roads {road} and {value} mm in station {station}"),
                        "give one road for each event and station");
            }

            road = double.IsNaN(value) ? road : (float)value;
        }
    }

    private static int WithoutRoad(HitSet hits)
    {
        int stations = hits.Detector.StationCount;
        return Enumerable.Range(0, hits.Count)
            .Count(e => hits.RoadCentre.AsSpan(e * stations, stations).ContainsAnyExceptInRange(float.MinValue, float.MaxValue));
    }
}

/// <summary>A user's hits, and sentences about what their file leaves out.</summary>
/// <param name="Hits">The hits.</param>
/// <param name="Notes">What was taken for what is missing, to be shown.</param>
internal sealed record MuonHits(HitSet Hits, IReadOnlyList<string> Notes)
{
    /// <summary>Hits that were copies of others, and are left out.</summary>
    public int Copies { get; init; }

    /// <summary>Events without a road in the file.</summary>
    public int WithoutRoad { get; init; }

    /// <summary>Sentences about numbers of copies and of events without road, of all parts of a file.</summary>
    public static IEnumerable<string> Counts(long copies, long withoutRoad, long events) =>
    [
        .. HitSet.CopiesTold(copies),
        .. withoutRoad == 0 ? [] : new[]
        {
            withoutRoad == events ? "no road: it is found from the hits of every event"
                : string.Create(CultureInfo.InvariantCulture, $"{withoutRoad} of {events} events lack a road: it is found from their hits"),
        },
    ];

    /// <summary>With those sentences among the notes.</summary>
    public MuonHits WithCounts() => this with { Notes = [.. Notes, .. Counts(Copies, WithoutRoad, Hits.Count)] };
}
