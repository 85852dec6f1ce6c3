namespace Sagitta.Tracking.Alignment;

/// <summary>
/// Places of planes that are millimetres off, where the network no longer sees a track: the most frequent distance along y between hits of
/// neighbouring planes, less what the line between the roads makes of it. Good to some tenths of a millimetre within a station; of the
/// stations' places it says nothing.
/// </summary>
internal static class CoarsePlaces
{
    private const double Range = 30;
    private const double Bin = 0.5;
    private const double Window = 2.5;

    /// <summary>Shifts along y of all planes, mm, 0 on average in each station.</summary>
    public static double[] Find(HitSet hits)
    {
        Detector detector = hits.Detector;
        double[] shifts = new double[detector.Planes.Count];
        for (int first = 0, next; first < shifts.Length; first = next)
        {
            for (next = first + 1; next < shifts.Length && detector.Planes[next].Station == detector.Planes[first].Station; next++)
            {
                shifts[next] = shifts[next - 1] - Peak([.. Distances(hits, next - 1, next)]);
            }

            double mean = shifts[first..next].Average();
            foreach (ref double shift in shifts.AsSpan(first..next))
            {
                shift -= mean;
            }
        }

        return shifts;
    }

    private static IEnumerable<double> Distances(HitSet hits, int a, int b)
    {
        Detector detector = hits.Detector;
        int last = detector.StationCount - 1;
        double lever = detector.Planes[detector.MiddlePlane(last)].NominalZ - detector.Planes[detector.MiddlePlane(0)].NominalZ;
        double dz = detector.Planes[b].NominalZ - detector.Planes[a].NominalZ;
        for (int e = 0; e < hits.Count; e++)
        {
            float[] roads = [.. hits.RoadsOf(e)];
            double along = last == 0 ? 0 : dz * (roads[last] - roads[0]) / lever;
            for (int i = hits.Offsets[e]; i < hits.Offsets[e + 1]; i++)
            {
                for (int j = i + 1; j < hits.Offsets[e + 1] && hits.Plane[i] == a && hits.Plane[j] <= b; j++)
                {
                    double distance = hits.Y[j] - hits.Y[i] - along;
                    if (hits.Plane[j] == b && Math.Abs(distance) < Range)
                    {
                        yield return distance;
                    }
                }
            }
        }
    }

    // The fullest bin, then the mean about it: what is flat pulls the mean to nowhere but the window's middle.
    private static double Peak(double[] distances)
    {
        int[] counts = new int[(int)(2 * Range / Bin) + 1];
        foreach (double distance in distances)
        {
            counts[(int)((distance + Range) / Bin)]++;
        }

        double place = ((Array.IndexOf(counts, counts.Max()) + 0.5) * Bin) - Range;
        for (int i = 0; i < 20 && distances.Length > 0; i++)
        {
            place = distances.Where(distance => Math.Abs(distance - place) < Window).DefaultIfEmpty(place).Average();
        }

        return place;
    }
}
