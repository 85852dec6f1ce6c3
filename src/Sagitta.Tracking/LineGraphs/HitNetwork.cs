using System.Numerics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>The hit-graph variant (Kortus, Keidel, Gauger, arXiv:2407.13420): a message along each segment from its deeper to its shallower
/// hit from the features of both and the segment's length and direction; the largest messages to a hit joined; an update of the hit; a
/// logit from both updated hits and the message. It never sees two segments at once, so scattering angles are hidden from it but for what
/// hits remember.</summary>
internal sealed class HitNetwork : SegmentScorer
{
    /// <summary>Features of a hit: cluster size, x, y, z.</summary>
    public const int HitFeatures = 4;

    /// <summary>Features of a segment: length, azimuth, angle to the beam axis.</summary>
    public const int SegmentFeatures = 3;

    private const double ReferenceDeposit = 0.06;
    private readonly NormalisedPerceptron _message;
    private readonly NormalisedPerceptron _update;
    private readonly NormalisedPerceptron _score;

    /// <summary>Registers the parameters under "message", "update" and "score"; the published hidden width is 64.</summary>
    public HitNetwork(ParameterLayout layout, SegmentNetworkOptions? options = null)
        : base(layout, options)
    {
        int h = Options.Hidden;
        _message = new(layout, "message", [(2 * HitFeatures) + SegmentFeatures, h, h, h], momentum: Options.Momentum);
        _update = new(layout, "update", [HitFeatures + h, h, h, h], normalisedOutput: true, momentum: Options.Momentum);
        _score = new(layout, "score", [3 * h, h, h, 1], momentum: Options.Momentum);
    }

    public override SegmentMoments CreateMoments() => new(_message.CreateMoments(), _update.CreateMoments(), _score.CreateMoments());

    /// <summary>Hits x 4: cluster size over the size of 0.06 MeV before it is cut to a whole number, x and y in m from an
    /// origin in mm, z in mm. The published code shifts x and y by constants, which the first normalisation takes out again.</summary>
    public static void Features<T>(CalorimeterFrame frame, (float X, float Y) origin, Span<T> features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double reference = (4.2267 * Math.Pow(1000 * ReferenceDeposit / 25, 0.65)) + 0.5;
        for (int hit = 0; hit < frame.Count; hit++)
        {
            Span<T> row = features.Slice(hit * HitFeatures, HitFeatures);
            row[0] = T.CreateTruncating(HitPreparation.ClusterSize(frame.Energy[hit]) / reference);
            row[1] = T.CreateTruncating((frame.X[hit] - origin.X) / 1000);
            row[2] = T.CreateTruncating((frame.Y[hit] - origin.Y) / 1000);
            row[3] = T.CreateTruncating(frame.Z[hit]);
        }
    }

    /// <summary>The three features of the segment between two hits.</summary>
    public static void Features<T>(CalorimeterFrame frame, int deeper, int shallower, Span<T> features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double x = frame.X[deeper] - frame.X[shallower];
        double y = frame.Y[deeper] - frame.Y[shallower];
        double z = frame.Z[deeper] - frame.Z[shallower];
        double across = Math.Sqrt((x * x) + (y * y));
        features[0] = T.CreateTruncating(Math.Sqrt((across * across) + (z * z)));
        features[1] = T.CreateTruncating(Math.Atan2(y, x));
        features[2] = T.CreateTruncating(Math.Atan2(across, z));
    }

    public override Tensor<T> Forward<T>(Tape<T> tape, SegmentInput frame, SegmentMoments? moments = null)
    {
        SegmentGraph graph = frame.Graph;
        Tensor<T> hits = tape.Allocate(graph.Hits, HitFeatures);
        Features(frame.Frame, frame.Origin, hits.Values);

        // Edges lie in the order of their targets; the last gather brings the logits back into the order of segments.
        ReadOnlySpan<int> order = graph.Incoming;
        int[] sources = new int[order.Length];
        int[] targets = new int[order.Length];
        int[] place = new int[order.Length];
        int[] segments = new int[order.Length];
        Tensor<T> shapes = tape.Allocate(order.Length, SegmentFeatures);
        for (int k = 0; k < order.Length; k++)
        {
            sources[k] = graph.Deeper[order[k]];
            targets[k] = graph.Shallower[order[k]];
            place[order[k]] = k;
            segments[k] = k;
            Features(frame.Frame, sources[k], targets[k], shapes.Values.Slice(k * SegmentFeatures, SegmentFeatures));
        }

        Adjacency edges = new();
        edges.Set(graph.Hits, sources, targets);
        Tensor<T> pairs = ConcatenateColumns<T>.Apply(GatherRows<T>.ByTarget(hits, edges), GatherRows<T>.BySource(hits, edges), shapes);
        Tensor<T> messages = _message.Forward(tape, pairs, moments?.Message);
        Tensor<T> joined = SegmentMax<T>.Apply(messages, edges);
        Tensor<T> updated = _update.Forward(tape, ConcatenateColumns<T>.Apply(hits, joined), moments?.Update);
        Tensor<T> ends = ConcatenateColumns<T>.Apply(GatherRows<T>.ByTarget(updated, edges), GatherRows<T>.BySource(updated, edges),
            messages);
        Adjacency back = new();
        back.Set(order.Length, place, segments);
        Tensor<T> logits = GatherRows<T>.BySource(_score.Forward(tape, ends, moments?.Score), back);
        return Options.DoubleSigmoid ? Sigmoid<T>.Apply(logits) : logits;
    }

    public override void Absorb<T>(ParameterVector<T> parameters, SegmentMoments moments)
    {
        _message.Absorb(parameters, moments.Message);
        _update.Absorb(parameters, moments.Update);
        _score.Absorb(parameters, moments.Score);
    }
}
