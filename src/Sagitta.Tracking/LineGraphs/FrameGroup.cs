namespace Sagitta.Tracking.LineGraphs;

/// <summary>Several frames as one, end to end: no segment joins hits of different frames, so one pass of the network scores them all, with
/// normalisation over all of them instead of over each.</summary>
internal static class FrameGroup
{
    /// <summary>The frames one after another, each moved to its own origin; events are numbered through, so that no two frames share one.
    /// </summary>
    /// <param name="frames">The frames.</param>
    /// <param name="gates">Where the origin of a frame is.</param>
    /// <exception cref="ArgumentException">A frame's first layer is not behind the last layer of the frame before it.</exception>
    public static CalorimeterFrame Of(IReadOnlyList<CalorimeterFrame> frames, GateOptions gates)
    {
        long shift = 0;
        List<long> events = [];
        for (int i = 0; i < frames.Count; i++)
        {
            // Layers fall within a frame; where they rise again the next frame begins, and segments only lead to lower z.
            if (i > 0 && frames[i].Count > 0 && frames[i - 1].Count > 0 && frames[i].Z[0] <= frames[i - 1].Z[^1])
            {
                throw new ArgumentException(
                    "Frames in a group must begin behind the last layer of the frame before them: leave out frames of a single layer.",
                    nameof(frames));
            }

            Dictionary<long, long> numbers = [];
            foreach (long number in frames[i].TruthEvent)
            {
                numbers.TryAdd(number, shift + numbers.Count);
                events.Add(numbers[number]);
            }

            shift += numbers.Count;
        }

        TItem[] Joined<TItem>(Func<CalorimeterFrame, TItem[]> column) => [.. frames.SelectMany(column)];
        static float[] Moved(float[] places, float origin) => [.. places.Select(place => place - origin)];
        return new()
        {
            Events = frames.Sum(f => f.Events),
            Layer = Joined(f => f.Layer),
            X = Joined(f => Moved(f.X, gates.OriginOf(f).X)),
            Y = Joined(f => Moved(f.Y, gates.OriginOf(f).Y)),
            Z = Joined(f => f.Z),
            Energy = Joined(f => f.Energy),
            TruthEvent = [.. events],
            TruthTrack = Joined(f => f.TruthTrack),
            TruthPrimary = Joined(f => f.TruthPrimary),
        };
    }
}
