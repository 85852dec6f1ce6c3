namespace Sagitta.Physics.Events;

/// <summary>
/// Event files: NPZ archives that numpy.load reads, the hits as flat columns with offsets (docs/formats.md). The array "readme" says in
/// words what the others are.
/// </summary>
internal static class EventFile
{
    internal const string Readme = "readme";
    internal const string Format = "format";
    internal const string FormatVersion = "sagitta-events-1";
    internal const string Detector = "detector";
    internal const string Source = "source";
    internal const string BackgroundFlux = "background_khz_per_cm2";
    internal const string Smear = "smear";
    internal const string PlaneCount = "plane_count";
    internal const string StationCount = "station_count";
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

    /// <summary>Reads a whole event file.</summary>
    /// <exception cref="BadInputException">The file is missing, cut off, or its columns do not fit together.</exception>
    public static EventSet Read(string path)
    {
        using var archive = new NpzReader(path);
        if (!archive.Contains(Format) || archive.ReadText(Format) != FormatVersion)
        {
            throw new BadInputException($"'{path}'", "this is no event file",
                $"give one with '{Format}' = '{FormatVersion}', as 'simulate' and 'import' write it");
        }

        int planes = ReadCount(archive, path, PlaneCount);
        int stations = ReadCount(archive, path, StationCount);
        long[] numbers = archive.Read<long>(EventNumber, -1);
        int count = numbers.Length;
        int[] offsets = ReadOffsets(archive, path, count);
        int hits = offsets[^1];
        var events = new EventSet
        {
            Detector = archive.ReadText(Detector),
            Source = archive.ReadText(Source),
            BackgroundKHzPerCm2 = archive.ReadScalar<double>(BackgroundFlux),
            Smear = archive.ReadScalar<double>(Smear),
            PlaneCount = planes,
            StationCount = stations,
            HitOffsets = offsets,
            HitPlane = archive.Read<byte>(HitPlane, hits),
            HitY = archive.Read<float>(HitY, hits),
            HitZ = archive.Read<float>(HitZ, hits),
            HitCharge = archive.Read<float>(HitCharge, hits),
            HitTime = archive.Read<float>(HitTime, hits),
            LabelHit = archive.Read<byte>(LabelHit, hits),
            EventNumber = numbers,
            RoadCentre = archive.Read<float>(RoadCentre, count, stations),
            Background = archive.Read<float>(Background, count),
            TruthMuon = archive.Read<byte>(TruthMuon, count),
            TruthQOverPt = archive.Read<double>(TruthQOverPt, count),
            TruthY0 = archive.Read<double>(TruthY0, count),
            TruthSlope = archive.Read<double>(TruthSlope, count),
            TruthCrossing = archive.Read<float>(TruthCrossing, count, planes),
        };
        CheckHits(path, events);
        return events;
    }

    internal static string Describe(EventSet shape, string settings) => string.Create(CultureInfo.InvariantCulture, $"""
        Events of a muon spectrometer, written by Sagitta. Lengths mm, momenta GeV, times ns, charge in units of e.
        Detector {shape.Detector}, {shape.PlaneCount} planes in {shape.StationCount} stations; source {shape.Source}.
        {settings}
        The hits of event e are hit_offsets[e] .. hit_offsets[e + 1] - 1, ordered by plane, then by y.
        hit_plane: plane index; hit_y: centre of the strip; hit_z: z of the plane; hit_charge: charge in primary electrons before gain;
        hit_time: time in the readout window. label_hit: 1 where over half of the charge is from the muon, or from electrons within
        0.5 mm of its crossing. event_number: with the seed it names the event. road_centre [event, station]: centre of the road that was
        read out. background: flux in kHz/cm2. smear: 0 for strips, else hits are crossings with this Gaussian error.
        truth_muon: 1 with a muon, 0 for background alone (the other truth is then 0). truth_q_over_pt: charge over momentum in the (y, z)
        plane at z = 0; truth_y0: y at z = 0 after the event shift; truth_slope: sine of the angle to +z there; truth_crossing [event,
        plane]: y of the muon at the gap's centre, NaN where it did not cross. Reconstruction reads hits and road centres only.
        """);

    private static void CheckHits(string path, EventSet events)
    {
        for (int e = 0; e < events.Count; e++)
        {
            for (int h = events.HitOffsets[e]; h < events.HitOffsets[e + 1]; h++)
            {
                byte plane = events.HitPlane[h];
                if (plane >= events.PlaneCount)
                {
                    throw new BadInputException($"'{path}', array '{HitPlane}', element {h}",
                        $"plane {plane} is not one of {events.PlaneCount}", "count planes from 0");
                }

                if (!float.IsFinite(events.HitY[h]))
                {
                    throw new BadInputException($"'{path}', array '{HitY}', element {h}", $"{events.HitY[h]} is no place",
                        "leave such hits out");
                }

                bool ordered = h == events.HitOffsets[e] || plane > events.HitPlane[h - 1]
                    || (plane == events.HitPlane[h - 1] && events.HitY[h] >= events.HitY[h - 1]);
                if (!ordered)
                {
                    throw new BadInputException($"'{path}', array '{HitY}', element {h}",
                        $"the hits of event {events.EventNumber[e]} are not in order", "sort the hits of each event by plane, then by y");
                }
            }
        }
    }

    private static int ReadCount(NpzReader archive, string path, string name)
    {
        int count = archive.ReadScalar<int>(name);
        return count > 0 ? count : throw new BadInputException($"'{path}', array '{name}'", $"{count} is no count", "give 1 or more");
    }

    private static int[] ReadOffsets(NpzReader archive, string path, int count)
    {
        long[] stored = archive.Read<long>(HitOffsets, count + 1);
        var offsets = new int[stored.Length];
        for (int i = 0; i < stored.Length; i++)
        {
            if (stored[i] < (i == 0 ? 0 : stored[i - 1]) || stored[i] > int.MaxValue || (i == 0 && stored[i] != 0))
            {
                throw new BadInputException($"'{path}', array '{HitOffsets}'", "offsets begin at 0, do not fall, and stay below 2^31",
                    "write the file again, or split it");
            }

            offsets[i] = (int)stored[i];
        }

        return offsets;
    }
}
