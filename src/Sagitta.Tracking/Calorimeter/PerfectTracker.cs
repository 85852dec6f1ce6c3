namespace Sagitta.Tracking.Calorimeter;

/// <summary>What a tracker that always chooses right could find: of each hit the segment to the same particle's hit in the next layer
/// towards the beam, where the gates kept it.</summary>
internal static class PerfectTracker
{
    /// <summary>Writes the hit that each hit is joined to towards the beam, or -1.</summary>
    public static void Join(CalorimeterFrame frame, SegmentGraph graph, Span<int> shallowerOf)
    {
        frame.RequireTruth();
        shallowerOf.Fill(-1);
        for (int e = 0; e < graph.Count; e++)
        {
            (int a, int b) = (graph.Deeper[e], graph.Shallower[e]);
            if (frame.TruthEvent[a] == frame.TruthEvent[b] && frame.TruthTrack[a] == frame.TruthTrack[b])
            {
                shallowerOf[a] = b;
            }
        }
    }
}
