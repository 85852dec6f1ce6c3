namespace Sagitta.Tracking.Clustering;

/// <summary>Groups the hits of consecutive events by event and plane, the form that <see cref="SoftClustering"/> takes.</summary>
internal static class PlaneGroups
{
    /// <summary>
    /// Replaces <paramref name="planes"/> by the groups of events <paramref name="firstEvent"/> .. firstEvent + eventCount - 1: one an
    /// event and plane, empty ones included, rows counted from the first of these events' hits. Relies on hits being ordered by plane
    /// within an event.
    /// </summary>
    public static void Set(Segments planes, EventSet events, int firstEvent, int eventCount)
    {
        planes.Clear();
        for (int e = firstEvent; e < firstEvent + eventCount; e++)
        {
            int hit = events.HitOffsets[e];
            int end = events.HitOffsets[e + 1];
            for (int plane = 0; plane < events.PlaneCount; plane++)
            {
                int first = hit;
                while (hit < end && events.HitPlane[hit] == plane)
                {
                    hit++;
                }

                planes.Append(hit - first);
            }

            if (hit != end)
            {
                throw new ArgumentException(
                    $"The hits of event {e} are not ordered by plane within 0 .. {events.PlaneCount - 1}: hit {hit} is on plane "
                    + $"{events.HitPlane[hit]}.", nameof(events));
            }
        }
    }
}
