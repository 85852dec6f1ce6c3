namespace Sagitta.Tracking.LineGraphs;

/// <summary>Tracks without a network: layer by layer from the beam inwards, each hit continues to the one that bends its direction least,
/// the smallest bends of a layer taken first, up to a largest one (after the description of the Digital Tracking Calorimeter Toolkit,
/// Pettersen et al., Phys. Med. 63, 2019). Hits of the first layer start along the beam axis. Not thread-safe.</summary>
internal sealed class NearestAngleFollower
{
    private readonly List<(float Bend, int Segment)> _candidates = [];
    private int[] _deeperOf = [];

    /// <summary>Largest bend between one layer and the next, rad.</summary>
    public double LargestBend { get; init; } = 0.2;

    /// <summary>Writes the hit that each hit is joined to towards the beam, or -1.</summary>
    public void Follow(CalorimeterFrame frame, SegmentGraph graph, Span<int> shallowerOf)
    {
        shallowerOf.Fill(-1);
        if (_deeperOf.Length < frame.Count)
        {
            _deeperOf = new int[2 * frame.Count];
        }

        Array.Fill(_deeperOf, -1);

        // Hits are ordered deepest first, so segments from the last to the first go from the beam inwards, one layer of deeper hits at a
        // time.
        int end = graph.Count;
        while (end > 0)
        {
            int layer = frame.Layer[graph.Deeper[end - 1]];
            int begin = end;
            _candidates.Clear();
            while (begin > 0 && frame.Layer[graph.Deeper[begin - 1]] == layer)
            {
                begin--;
                float bend = (float)Bend(frame, graph.Deeper[begin], graph.Shallower[begin], shallowerOf);
                if (bend < LargestBend)
                {
                    _candidates.Add((bend, begin));
                }
            }

            _candidates.Sort();
            foreach ((float _, int segment) in _candidates)
            {
                int deeper = graph.Deeper[segment];
                int shallower = graph.Shallower[segment];
                if (shallowerOf[deeper] < 0 && _deeperOf[shallower] < 0)
                {
                    shallowerOf[deeper] = shallower;
                    _deeperOf[shallower] = deeper;
                }
            }

            end = begin;
        }
    }

    private static double Bend(CalorimeterFrame frame, int deeper, int shallower, ReadOnlySpan<int> shallowerOf)
    {
        (double x, double y, double z) = Direction(frame, deeper, shallower);
        int before = shallowerOf[shallower];
        (double bx, double by, double bz) = before < 0 ? (0, 0, 1) : Direction(frame, shallower, before);
        double across = Math.Sqrt(Square((y * bz) - (z * by)) + Square((z * bx) - (x * bz)) + Square((x * by) - (y * bx)));
        return Math.Atan2(across, (x * bx) + (y * by) + (z * bz));
    }

    private static (double X, double Y, double Z) Direction(CalorimeterFrame frame, int to, int from) =>
        (frame.X[to] - frame.X[from], frame.Y[to] - frame.Y[from], frame.Z[to] - frame.Z[from]);

    private static double Square(double value) => value * value;
}
