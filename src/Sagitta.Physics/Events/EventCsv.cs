using System.Text;

namespace Sagitta.Physics.Events;

/// <summary>Writes events as CSV with a header: hits in one table, events with their truth in another (docs/formats.md).</summary>
internal static class EventCsv
{
    /// <summary>Writes one row per hit: event, plane, y, z, charge, time, label.</summary>
    public static void WriteHits(EventSet events, Stream stream)
    {
        using StreamWriter writer = Begin(stream, "event,plane,y,z,charge,time" + (events.HasTruth ? ",label" : ""));
        for (int e = 0; e < events.Count; e++)
        {
            for (int h = events.HitOffsets[e]; h < events.HitOffsets[e + 1]; h++)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture,
                    $"{events.EventNumber[e]},{events.HitPlane[h]},{events.HitY[h]},"
                        + $"{(float)events.Detector.Planes[events.HitPlane[h]].NominalZ},"
                        + $"{events.HitCharge[h]},{events.HitTime[h]}"));
                writer.Write(events.HasTruth ? events.LabelHit[h] == 0 ? ",0\n" : ",1\n" : "\n");
            }
        }
    }

    /// <summary>Writes one row per event: event, background, muon, q_over_pt, y0, slope, and road_s for each station s.</summary>
    public static void WriteEvents(EventSet events, Stream stream)
    {
        var header = new StringBuilder(events.HasTruth ? "event,background,muon,q_over_pt,y0,slope" : "event");
        int stations = events.Hits.HasRoads ? events.StationCount : 0;
        for (int s = 0; s < stations; s++)
        {
            header.Append(CultureInfo.InvariantCulture, $",road_{s}");
        }

        using StreamWriter writer = Begin(stream, header.ToString());
        for (int e = 0; e < events.Count; e++)
        {
            writer.Write(events.EventNumber[e].ToString(CultureInfo.InvariantCulture));
            if (events.HasTruth)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture,
                    $",{events.Background[e]},{events.TruthMuon[e]},{events.TruthQOverPt[e]},{events.TruthY0[e]},{events.TruthSlope[e]}"));
            }

            for (int s = 0; s < stations; s++)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture, $",{events.RoadCentre[(e * stations) + s]}"));
            }

            writer.Write('\n');
        }
    }

    private static StreamWriter Begin(Stream stream, string header)
    {
        var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true);
        writer.Write(header);
        writer.Write('\n');
        return writer;
    }
}
