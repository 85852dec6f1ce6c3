namespace Sagitta.Tests.Tracking;

/// <summary>One event on the detector of two stations, hit by hit.</summary>
internal static class HandmadeEvent
{
    private static readonly Detector _detector = ToyDetector.TwoStations;

    /// <summary>Two strips a plane about a straight line that is at y in the first station's middle plane.</summary>
    public static IEnumerable<(int Plane, float Y)> Line(int firstPlane, int endPlane, double y, double slope)
    {
        for (int plane = firstPlane; plane < endPlane; plane++)
        {
            double centre = y + (slope * (_detector.Planes[plane].Z - _detector.Planes[4].Z));
            yield return (plane, (float)(centre - 0.2));
            yield return (plane, (float)(centre + 0.2));
        }
    }

    /// <summary>The event of these hits, and which of them, in the event's order, are marked.</summary>
    public static (EventSet Events, bool[] Marked) Of((int Plane, float Y)[] hits, Func<(int Plane, float Y), bool> marked)
    {
        (int Plane, float Y)[] ordered = [.. hits.OrderBy(h => h.Plane).ThenBy(h => h.Y)];
        return (new()
        {
            Hits = new()
            {
                Detector = _detector,
                EventNumber = [0],
                Offsets = [0, ordered.Length],
                Plane = [.. ordered.Select(h => (byte)h.Plane)],
                Y = [.. ordered.Select(h => h.Y)],
                Charge = [.. ordered.Select(_ => 10f)],
                Time = new float[ordered.Length],
                RoadCentre = new float[2],
            },
            Source = "simulation",
            BackgroundKHzPerCm2 = 0,
            LabelHit = new byte[ordered.Length],
            Background = new float[1],
            TruthMuon = [1],
            TruthQOverPt = [0.01],
            TruthY0 = [10],
            TruthSlope = [0],
            TruthCrossing = new float[16],
        }, [.. ordered.Select(marked)]);
    }
}
