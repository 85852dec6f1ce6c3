namespace Sagitta.Physics.Events;

/// <summary>Events as two tables: hits in one, events with their truth in the other (docs/formats.md).</summary>
internal static class EventTables
{
    private const string HitsTable = "hits";
    private const string EventsTable = "events";

    /// <summary>One row per hit: event, plane, y, z, charge, time, and label where the truth is known.</summary>
    public static IReadOnlyList<OutputColumn> Hits(EventSet events)
    {
        long[] number = new long[events.HitCount];
        for (int e = 0; e < events.Count; e++)
        {
            number.AsSpan(events.Hits.HitsOf(e)).Fill(events.EventNumber[e]);
        }

        float[] z = [.. events.Detector.Planes.Select(plane => (float)plane.NominalZ)];
        OutputColumn[] columns =
        [
            OutputColumn.Of("event", "", number),
            OutputColumn.Of("plane", "", events.HitPlane),
            OutputColumn.Of("y", "mm", events.HitY),
            OutputColumn.Of("z", "mm", Array.ConvertAll(events.HitPlane, plane => z[plane])),
            OutputColumn.Of("charge", "primary electrons", events.HitCharge),
            OutputColumn.Of("time", "ns", events.HitTime),
        ];
        return events.HasTruth ? [.. columns, OutputColumn.Of("label", "", events.LabelHit)] : columns;
    }

    /// <summary>One row per event: event, background, muon, q_over_pt, y0, slope, and road_s for each station s.</summary>
    public static IReadOnlyList<OutputColumn> Events(EventSet events)
    {
        List<OutputColumn> columns = [OutputColumn.Of("event", "", events.EventNumber)];
        if (events.HasTruth)
        {
            columns.Add(OutputColumn.Of("background", "kHz/cm2", events.Background));
            columns.Add(OutputColumn.Of("muon", "", events.TruthMuon));
            columns.Add(OutputColumn.Of("q_over_pt", "1/GeV", events.TruthQOverPt));
            columns.Add(OutputColumn.Of("y0", "mm", events.TruthY0));
            columns.Add(OutputColumn.Of("slope", "", events.TruthSlope));
        }

        for (int s = 0; s < events.StationCount && events.Hits.HasRoads; s++)
        {
            float[] road = new float[events.Count];
            for (int e = 0; e < road.Length; e++)
            {
                road[e] = events.RoadCentre[(e * events.StationCount) + s];
            }

            columns.Add(OutputColumn.Of($"road_{s}", "mm", road));
        }

        return columns;
    }

    /// <summary>The files that a name stands for: of NAME.csv NAME_hits.csv and NAME_events.csv; HDF5 holds both tables in one.</summary>
    public static IReadOnlyList<string> FilesOf(string path)
    {
        string ending = Path.GetExtension(path);
        string name = path[..^ending.Length];
        return TableFile.HoldsSeveral(path) ? [path] : [$"{name}_{HitsTable}{ending}", $"{name}_{EventsTable}{ending}"];
    }

    /// <summary>Writes both tables by the ending of the name, each whole or not at all.</summary>
    public static void Write(string path, EventSet events)
    {
        if (TableFile.HoldsSeveral(path))
        {
            TableFile.Write(path, (HitsTable, Hits(events)), (EventsTable, Events(events)));
            return;
        }

        IReadOnlyList<string> files = FilesOf(path);
        TableFile.Write(files[0], Hits(events));
        TableFile.Write(files[1], Events(events));
    }

    /// <summary>The table of hits that a name stands for.</summary>
    public static string HitsOf(string path) =>
        !File.Exists(path) && Path.GetExtension(path).Length > 0 && FilesOf(path)[0] is var hits && File.Exists(hits) ? hits : path;

    /// <summary>Opens the table of events that belongs to a table of hits; null where there is none.</summary>
    public static TableSource? EventsOf(string hitsFile)
    {
        if (TableFile.HoldsSeveral(hitsFile))
        {
            return Hdf5Source.Holds(hitsFile, EventsTable) ? TableFile.Open(hitsFile, EventsTable) : null;
        }

        const string Mark = "_" + HitsTable + ".";
        int at = hitsFile.LastIndexOf(Mark, StringComparison.OrdinalIgnoreCase);
        string beside = at < 0 ? "" : $"{hitsFile[..at]}_{EventsTable}.{hitsFile[(at + Mark.Length)..]}";
        return beside.Length > 0 && File.Exists(beside) ? TableFile.Open(beside) : null;
    }
}
