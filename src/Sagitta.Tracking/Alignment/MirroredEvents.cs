namespace Sagitta.Tracking.Alignment;

/// <summary>
/// Every other event with y turned into -y. A network need not treat both sides alike: the places of its clusters lean to one side by
/// about a micrometre, differently in each plane, which is more than the error of many muons. In a mirror they lean to the other.
/// </summary>
internal static class MirroredEvents
{
    /// <summary>-1 for the place of an event that is mirrored, else 1.</summary>
    public static int Sign(int index) => (index & 1) == 0 ? 1 : -1;

    /// <summary>The events; hits stay in the order of planes and y.</summary>
    public static HitSet Of(HitSet hits)
    {
        float[] y = [.. hits.Y];
        float[] charge = [.. hits.Charge];
        float[] time = [.. hits.Time];
        float[] road = [.. hits.RoadCentre];
        int stations = hits.Count == 0 ? 0 : road.Length / hits.Count;
        for (int e = 1; e < hits.Count; e += 2)
        {
            for (int s = 0; s < stations; s++)
            {
                road[(e * stations) + s] = -road[(e * stations) + s];
            }

            int end = hits.Offsets[e + 1];
            for (int first = hits.Offsets[e], next; first < end; first = next)
            {
                for (next = first; next < end && hits.Plane[next] == hits.Plane[first]; next++)
                {
                    y[next] = -y[next];
                }

                y.AsSpan(first..next).Reverse();
                charge.AsSpan(first..next).Reverse();
                time.AsSpan(first..next).Reverse();
            }
        }

        return hits with { Y = y, Charge = charge, Time = time, RoadCentre = road };
    }
}
