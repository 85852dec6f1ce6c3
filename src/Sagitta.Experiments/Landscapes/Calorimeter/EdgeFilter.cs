namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>The share of pairs of hits that a limit on the angle to the beam removes, for true and for all pairs, between calorimeter
/// layers and towards the tracker.</summary>
/// <param name="Thresholds">Limits, rad.</param>
/// <param name="TrueCalorimeter">Removed share of true pairs of calorimeter layers.</param>
/// <param name="AllCalorimeter">Removed share of all of them.</param>
/// <param name="TrueTracker">Removed share of true pairs whose deeper hit lies below layer 3.</param>
/// <param name="AllTracker">Removed share of all of them.</param>
internal sealed record EdgeFilter(double[] Thresholds, double[] TrueCalorimeter, double[] AllCalorimeter, double[] TrueTracker,
    double[] AllTracker)
{
    /// <summary>Counts over frames, at the published limits from 0 to 0.6 rad.</summary>
    public static EdgeFilter Of(IReadOnlyList<LandscapeFrame> frames)
    {
        // Just short of a right angle every pair of neighbouring layers is an edge.
        GateOptions open = new() { CalorimeterAngle = 1.57, TrackerAngle = 1.57 };
        double[] thresholds = [.. Enumerable.Range(0, 13).Select(i => 0.05 * i)];
        double[][] kept = [new double[13], new double[13], new double[13], new double[13]];
        double[] all = new double[4];
        SegmentGraph graph = new();
        foreach (LandscapeFrame frame in frames)
        {
            graph.Build(frame.Frame, open);
            for (int e = 0; e < graph.Count; e++)
            {
                int a = graph.Deeper[e];
                int b = graph.Shallower[e];
                double angle = Math.Atan2(
                    Math.Sqrt(Math.Pow(frame.Frame.X[a] - frame.Frame.X[b], 2) + Math.Pow(frame.Frame.Y[a] - frame.Frame.Y[b], 2)),
                        frame.Frame.Z[a] - frame.Frame.Z[b]);
                int group = frame.Frame.Layer[a] < 3 ? 2 : 0;
                Count(group + 1, angle);
                if (graph.Label[e])
                {
                    Count(group, angle);
                }
            }
        }

        return new(thresholds, Removed(0), Removed(1), Removed(2), Removed(3));

        void Count(int group, double angle)
        {
            all[group]++;
            for (int i = 0; i < thresholds.Length; i++)
            {
                kept[group][i] += angle < thresholds[i] ? 1 : 0;
            }
        }

        double[] Removed(int group) => [.. kept[group].Select(k => 1 - (k / Math.Max(1, all[group])))];
    }
}
