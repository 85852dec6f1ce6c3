namespace Sagitta.Tracking.Clustering;

/// <summary>Groups hits by event and plane, the form that <see cref="SoftClustering"/> takes.</summary>
internal static class PlaneGroups
{
    /// <summary>Replaces <paramref name="planes"/> by the groups of the listed events.</summary>
    public static void Set(Segments planes, HitSet hits, ReadOnlySpan<int> selection)
    {
        planes.Clear();
        foreach (int e in selection)
        {
            Append(planes, hits, e);
        }
    }

    /// <summary>Appends the groups of one event, one a plane, empty ones included. Relies on hits being ordered by plane.</summary>
    public static void Append(Segments planes, HitSet hits, int index)
    {
        int hit = hits.Offsets[index];
        int end = hits.Offsets[index + 1];
        int count = hits.Detector.Planes.Count;
        ReadOnlySpan<byte> own = hits.Plane;
        for (int plane = 0; plane < count; plane++)
        {
            int first = hit;
            while (hit < end && own[hit] == plane)
            {
                hit++;
            }

            planes.Append(hit - first);
        }

        if (hit != end)
        {
            throw new ArgumentException(
                $"The hits of event {index} are not ordered by plane within 0 .. {count - 1}: hit {hit} is on plane "
                + $"{own[hit]}.", nameof(hits));
        }
    }
}
