namespace Sagitta.Physics.Events;

/// <summary>
/// Event files: NPZ archives that numpy.load reads, the hits as flat columns with offsets (docs/formats.md). The array "readme" says in
/// words what the others are.
/// </summary>
internal static class EventFile
{
    // What is read at a time where memory must not grow; at least one event is.
    private const int MostEvents = 4096;
    private const long MostHits = 1 << 19;

    // Planes nearer than this along z are the same, mm.
    private const double SamePlace = 1e-6;

    internal const string Readme = "readme";
    internal const string Format = "format";
    internal const string FormatVersion = "sagitta-events-1";
    internal const string Detector = "detector";
    internal const string Source = "source";
    internal const string BackgroundFlux = "background_khz_per_cm2";
    internal const string Smear = "smear";
    internal const string PlaneCount = "plane_count";
    internal const string StationCount = "station_count";
    internal const string PlaneZ = "plane_z";
    internal const string Geometry = "geometry";
    internal const string HitOffsets = "hit_offsets";
    internal const string HitPlane = "hit_plane";
    internal const string HitY = "hit_y";
    internal const string HitZ = "hit_z";
    internal const string HitCharge = "hit_charge";
    internal const string HitTime = "hit_time";
    internal const string LabelHit = "label_hit";
    internal const string EventNumber = "event_number";
    internal const string RoadCentre = "road_centre";
    internal const string Background = "background";
    internal const string TruthMuon = "truth_muon";
    internal const string TruthQOverPt = "truth_q_over_pt";
    internal const string TruthY0 = "truth_y0";
    internal const string TruthSlope = "truth_slope";
    internal const string TruthCrossing = "truth_crossing";

    /// <summary>Writes a whole set; see <see cref="EventWriter"/> for sets that do not fit in memory.</summary>
    public static void Write(string path, EventSet events, string settings = "")
    {
        using var writer = new EventWriter(path, events, settings);
        writer.Append(events);
        writer.Commit();
    }

    /// <summary>Reads events with their truth.</summary>
    /// <param name="path">The file.</param>
    /// <param name="detector">The detector that they must be of; null for the shipped one that the file names.</param>
    /// <exception cref="BadInputException">The file is missing, cut off, of another detector, holds no truth, or its columns do not fit
    /// together.</exception>
    public static EventSet Read(string path, Detector? detector = null)
    {
        using NpzReader archive = Open(path);
        string[] missing = [.. ((string[])[LabelHit, TruthMuon, TruthQOverPt, TruthY0, TruthSlope, TruthCrossing])
            .Where(name => !archive.Contains(name))];
        if (missing.Length > 0)
        {
            throw new BadInputException($"'{path}'", $"its events have no truth: it lacks {string.Join(", ", missing)}",
                "training and evaluation need events whose muons are known; 'reconstruct' needs no truth");
        }

        HitSet hits = ReadHits(archive, detector);
        int count = hits.Count;
        EventSet events = new()
        {
            Hits = hits,
            Source = archive.Contains(Source) ? archive.ReadText(Source) : "data",
            BackgroundKHzPerCm2 = archive.Contains(BackgroundFlux) ? archive.ReadScalar<double>(BackgroundFlux) : double.NaN,
            LabelHit = archive.Read<byte>(LabelHit, hits.HitCount),
            Background = archive.Contains(Background) ? archive.Read<float>(Background, count) : new float[count],
            TruthMuon = archive.Read<byte>(TruthMuon, count),
            TruthQOverPt = archive.Read<double>(TruthQOverPt, count),
            TruthY0 = archive.Read<double>(TruthY0, count),
            TruthSlope = archive.Read<double>(TruthSlope, count),
            TruthCrossing = archive.Read<float>(TruthCrossing, count, hits.Detector.Planes.Count),
        };
        CheckTruth($"'{path}'", events);
        return events;
    }

    /// <summary>Reads the hits alone: no truth and no labels need be there, and no roads.</summary>
    /// <param name="path">The file.</param>
    /// <param name="detector">The detector that they must be of; null for the shipped one that the file names.</param>
    /// <exception cref="BadInputException">The file is missing, cut off, of another detector, or its columns do not fit
    /// together.</exception>
    public static HitSet ReadHits(string path, Detector? detector = null)
    {
        using NpzReader archive = Open(path);
        return ReadHits(archive, detector);
    }

    /// <summary>Whether an archive is an event file, and not a table of hits.</summary>
    internal static bool Is(NpzReader archive) => archive.Contains(Format) || archive.Contains(HitOffsets);

    /// <summary>The number of events.</summary>
    internal static long CountOf(NpzReader archive) => archive.Header(EventNumber).Count;

    /// <summary>The same hits some thousand events at a time, so that memory does not grow with the file; of a share, its events
    /// alone.</summary>
    internal static IEnumerable<HitSet> ReadParts(NpzReader archive, Detector? detector, ReadShare? share = null) =>
        Parts(archive, detector, MostEvents, MostHits, share);

    /// <summary>Whether a file is an event file, and not a table of hits; a file that can't be read counts as one, so that reading it says
    /// why.</summary>
    public static bool Is(string path)
    {
        bool named = path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);
        FileInfo file = new(path);
        if (!file.Exists || file.Length == 0)
        {
            // A pipe has no length either: it can be read but once.
            return named;
        }

        if (!named)
        {
            Span<byte> first = stackalloc byte[2];
            using FileStream stream = file.OpenRead();
            if (stream.ReadAtLeast(first, 2, throwOnEndOfStream: false) < 2 || !first.SequenceEqual("PK"u8))
            {
                return false;
            }
        }

        using NpzReader archive = new(path);
        return Is(archive);
    }

    /// <summary>Whether a file holds the truth of its events.</summary>
    public static bool HasTruth(string path)
    {
        using NpzReader archive = Open(path);
        return archive.Contains(TruthMuon) && archive.Contains(LabelHit);
    }

    internal static string Describe(EventSet shape, string settings) => string.Create(CultureInfo.InvariantCulture, $"""
        Events of a muon spectrometer, written by Sagitta. Lengths mm, momenta GeV, times ns, charge in units of e.
        Detector {shape.Detector.Name}, {shape.PlaneCount} planes in {shape.StationCount} stations; source {shape.Source}.
        {settings}
        The hits of event e are hit_offsets[e] .. hit_offsets[e + 1] - 1, ordered by plane, then by y.
        geometry: the detector file; plane_z: z of each plane. Another detector of the same name is refused. hit_plane: plane index;
        hit_y: centre of the strip; hit_z: z of the plane; hit_charge: charge in primary electrons before gain;
        hit_time: time in the readout window. label_hit: 1 where over half of the charge is from the muon, or from electrons within
        0.5 mm of its crossing. event_number: with the seed it names the event. road_centre [event, station]: centre of the road that was
        read out. background: flux in kHz/cm2. smear: 0 for strips, else hits are crossings with this Gaussian error.
        truth_muon: 1 with a muon, 0 for background alone (the other truth is then 0). truth_q_over_pt: charge over momentum in the (y, z)
        plane at z = 0; truth_y0: y at z = 0 after the event shift; truth_slope: sine of the angle to +z there; truth_crossing [event,
        plane]: y of the muon at the gap's centre, NaN where it did not cross. Reconstruction reads hits and road centres only.
        """);

    private static void CheckTruth(string where, EventSet events)
    {
        ColumnRequest number = new("", ColumnKind.Number);
        ColumnRequest flag = new("", ColumnKind.WholeNumber, "1 for the muon, else 0") { Low = 0, High = 1 };
        HitSet.CheckDomain<byte>(where, LabelHit, flag, events.LabelHit);
        HitSet.CheckDomain<byte>(where, TruthMuon, flag, events.TruthMuon);
        HitSet.CheckDomain<float>(where, Background, number with { Low = 0, Meaning = "a flux in kHz/cm2" }, events.Background);
        HitSet.CheckDomain<double>(where, TruthQOverPt, number with { Meaning = "charge over momentum in 1/GeV" }, events.TruthQOverPt);
        HitSet.CheckDomain<double>(where, TruthY0, MuonHitReader.Y, events.TruthY0);
        HitSet.CheckDomain<double>(where, TruthSlope, number with { Low = -1, High = 1, Meaning = "a sine" }, events.TruthSlope);
        HitSet.CheckDomain<float>(where, TruthCrossing, MuonHitReader.Y with { MayBeUnknown = true }, events.TruthCrossing);
        if (!(events.BackgroundKHzPerCm2 >= 0 && double.IsFinite(events.BackgroundKHzPerCm2)) && !double.IsNaN(events.BackgroundKHzPerCm2))
        {
            throw new BadInputException($"{where}, array '{BackgroundFlux}'", $"{NumberText.Of(events.BackgroundKHzPerCm2)} is no flux",
                "give kHz/cm2, or NaN for a mixture");
        }

        for (int e = 0; e < events.Count; e++)
        {
            if (events.TruthMuon[e] == 1 && events.TruthQOverPt[e] == 0)
            {
                throw new BadInputException($"{where}, array '{TruthQOverPt}', element {e}", "a muon has no momentum without end",
                    "give its charge over its momentum, or no muon");
            }
        }
    }

    /// <summary>The name of the detector whose events a file holds; null of a pipe, which can be read but once.</summary>
    public static string? DetectorName(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: 0 })
        {
            return null;
        }

        using NpzReader archive = Open(path);
        return archive.ReadText(Detector);
    }

    private static NpzReader Open(string path)
    {
        NpzReader archive = new(path);
        if (archive.Contains(Format) && archive.ReadText(Format) == FormatVersion)
        {
            return archive;
        }

        archive.Dispose();
        throw NoEventFile(path);
    }

    private static BadInputException NoEventFile(string path) => new($"'{path}'", "this is no event file",
        $"give one with '{Format}' = '{FormatVersion}', as 'simulate' and 'import' write it");

    /// <summary>The same of an open archive.</summary>
    internal static HitSet ReadHits(NpzReader archive, Detector? detector) =>
        Parts(archive, detector, int.MaxValue, int.MaxValue).Single();

    private static Detector DetectorOf(NpzReader archive, string path, Detector? detector)
    {
        if (archive.Contains(Format) && archive.ReadText(Format) != FormatVersion)
        {
            throw NoEventFile(path);
        }

        string name = archive.ReadText(Detector);
        int planes = ReadCount(archive, path, PlaneCount);
        int stations = ReadCount(archive, path, StationCount);
        Detector? own = archive.Contains(Geometry) ? DetectorFile.Parse(archive.ReadText(Geometry), $"{path}, array '{Geometry}'") : null;
        if (detector is null && own is null && DetectorFile.Find(name) is null)
        {
            throw new BadInputException($"'{path}'", $"its detector '{name}' is none of the shipped ones",
                "give the detector file with --detector");
        }

        Detector known = detector ?? own ?? DetectorFile.Load(name);
        double[] z = archive.Contains(PlaneZ) ? archive.Read<double>(PlaneZ, planes) : [.. known.Planes.Select(plane => plane.Z)];
        // Another readout of the same planes has another name and takes the same hits.
        bool same = name == known.Name || own?.SameGeometry(known) == true;
        if (!same || planes != known.Planes.Count || stations != known.StationCount)
        {
            throw new BadInputException($"'{path}'",
                $"its events are of detector '{name}' with {planes} planes in {stations} stations, not of '{known.Name}' with "
                    + $"{known.Planes.Count} in {known.StationCount}", "use events and a model of one detector");
        }

        if (own?.GeometryDifference(known) is { } difference)
        {
            throw new BadInputException($"'{path}'", $"its events were made with another geometry than '{known.Name}' has: {difference}",
                "give the detector file that the events were made with");
        }

        for (int i = 0; i < planes; i++)
        {
            if (!(Math.Abs(z[i] - known.Planes[i].NominalZ) <= SamePlace))
            {
                throw new BadInputException($"'{path}', array '{PlaneZ}', element {i}",
                    string.Create(
                        CultureInfo.InvariantCulture,
                            $"the plane is at z = {z[i]} mm, in the detector '{name}' at {known.Planes[i].NominalZ} mm"),
                    "give the detector file that the events were made with");
            }
        }

        return known;
    }

    private static IEnumerable<HitSet> Parts(
        NpzReader archive, Detector? detector, int mostEvents, long mostHits, ReadShare? share = null)
    {
        string path = archive.Name;
        Detector known = DetectorOf(archive, path, detector);
        long events = CountOf(archive), count = archive.Header(HitPlane).Count;
        double smear = archive.Contains(Smear) ? archive.ReadScalar<double>(Smear) : 0;
        int stations = archive.Contains(RoadCentre) ? known.StationCount : 0;

        // Of an array whose columns lie end to end a row can't be read alone.
        float[] roads = stations > 0 && archive.Header(RoadCentre).FortranOrder ? archive.Read<float>(RoadCentre, events, stations) : [];
        using NpzPieces numbers = archive.Pieces<long>(EventNumber, -1), offsets = archive.Pieces<long>(HitOffsets, events + 1),
            plane = archive.Pieces<byte>(HitPlane, count), y = archive.Pieces<float>(HitY, count),
            charge = archive.Pieces<float>(HitCharge, count), time = archive.Pieces<float>(HitTime, count);
        using NpzPieces? road = stations > 0 && roads.Length == 0 ? archive.Pieces<float>(RoadCentre, events, stations) : null;
        NpzPieces[] arrays = [numbers, offsets, plane, y, charge, time, .. road is null ? [] : new[] { road }];
        ReadShare.Begin(share, arrays);
        long first = share?.First ?? 0, end = first + (share?.Count ?? events);
        numbers.Skip(first);
        offsets.Skip(first);
        road?.Skip(first * stations);
        long firstHit = offsets.Read<long>(1)[0];
        CheckOffsets(path, [firstHit], first == 0 ? 0 : Math.Max(firstHit, 0), first == 0 ? 0 : count);
        Array.ForEach([plane, y, charge, time], column => column.Skip(firstHit));
        do
        {
            long[] number = numbers.Read<long>((int)Math.Min(end - first, mostEvents));
            long[] ends = offsets.Read<long>(number.Length);
            CheckOffsets(path, ends, firstHit, count);
            if (first + number.Length == events)
            {
                long last = ends.Length == 0 ? firstHit : ends[^1];
                CheckOffsets(path, [count], last, last);
            }

            for (int from = 0, to; from < number.Length || end == first; from = to)
            {
                to = from;
                while (to < number.Length && (to == from || ends[to] - firstHit <= mostHits))
                {
                    to++;
                }

                int hits = to == from ? 0 : (int)(ends[to - 1] - firstHit);
                HitSet part = new()
                {
                    Detector = known,
                    EventNumber = number[from..to],
                    Offsets = [0, .. ends[from..to].Select(end => (int)(end - firstHit))],
                    Plane = plane.Read<byte>(hits),
                    Y = y.Read<float>(hits),
                    Charge = charge.Read<float>(hits),
                    Time = time.Read<float>(hits),
                    RoadCentre = road is not null ? road.Read<float>((to - from) * stations)
                        : roads[(int)((first + from) * stations)..(int)((first + to) * stations)],
                    Smear = smear,
                };
                part.Check($"'{path}'", firstHit, first + from);
                yield return part;
                firstHit += hits;
                if (number.Length == 0)
                {
                    break;
                }
            }

            first += number.Length;
        }
        while (first < end);
        ReadShare.Finish(arrays);
    }

    private static int ReadCount(NpzReader archive, string path, string name)
    {
        int count = archive.ReadScalar<int>(name);
        return count > 0 ? count : throw new BadInputException($"'{path}', array '{name}'", $"{count} is no count", "give 1 or more");
    }

    private static void CheckOffsets(string path, ReadOnlySpan<long> offsets, long last, long most)
    {
        foreach (long offset in offsets)
        {
            if (offset < last || offset - last > int.MaxValue || offset > most)
            {
                throw new BadInputException($"'{path}', array '{HitOffsets}'",
                    "offsets begin at 0, do not fall, rise by less than 2^31, and end with the number of hits", "write the file again");
            }

            last = offset;
        }
    }
}
