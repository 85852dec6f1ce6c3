using System.Numerics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Scores segments by one round of message passing on the line graph (Kortus, Keidel, Gauger, arXiv:2407.13420): a message from
/// each linked segment j to i from the features of i, of j and the encoded angle between them; the messages to i joined; an update from the
/// features of i and the joined message; a read-out to one logit. This class states the network as plain operations, any precision, one row
/// for each directed link; the overload for a prepared frame is its fused form.</summary>
internal sealed class SegmentNetwork : SegmentScorer
{
    /// <summary>Features of a segment.</summary>
    public const int Features = 8;

    private readonly NormalisedPerceptron _message;
    private readonly NormalisedPerceptron _update;
    private readonly NormalisedPerceptron _score;
    private readonly MessageParameters _parameters;

    /// <summary>Registers the parameters under "message", "update" and "score".</summary>
    public SegmentNetwork(ParameterLayout layout, SegmentNetworkOptions? options = null)
        : base(layout, options)
    {
        int h = Options.Hidden;
        _message = new(layout, "message", [(2 * Features) + AngleEncoding.Width, h, h, h], momentum: Options.Momentum);
        _update = new(layout, "update", [Features + h, h, h, h], normalisedOutput: true, momentum: Options.Momentum);
        _score = new(layout, "score", [h, h, h, 1], momentum: Options.Momentum);
        _parameters = new(layout, "message");
    }

    public override SegmentMoments CreateMoments() => new(_message.CreateMoments(), _update.CreateMoments(), _score.CreateMoments());

    /// <summary>Logits, segments x 1.</summary>
    /// <param name="tape">Tape with the parameters bound.</param>
    /// <param name="features">Segments x 8.</param>
    /// <param name="encoding">Directed links x 128, in the order of <paramref name="links"/>.</param>
    /// <param name="links">Directed links: source j, target i.</param>
    /// <param name="moments">Training: receives the frame's moments, which normalise. Null: running averages normalise.</param>
    public Tensor<T> Forward<T>(Tape<T> tape, Tensor<T> features, Tensor<T> encoding, Adjacency links, SegmentMoments? moments = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> pairs = ConcatenateColumns<T>.Apply(
            GatherRows<T>.ByTarget(features, links), GatherRows<T>.BySource(features, links), encoding);
        Tensor<T> messages = _message.Forward(tape, pairs, moments?.Message);
        Tensor<T> joined = Options.Aggregation switch
        {
            SegmentAggregation.Max => SegmentMax<T>.Apply(messages, links),
            SegmentAggregation.Mean => SegmentMean<T>.Apply(messages, links),
            _ => SegmentSum<T>.Apply(messages, links),
        };
        return Score(tape, features, joined, moments);
    }

    /// <remarks>Fused for hidden width 16 and maximum; other shapes write out a row for each directed link and are some ten times
    /// slower.</remarks>
    public override Tensor<T> Forward<T>(Tape<T> tape, SegmentInput frame, SegmentMoments? moments = null)
    {
        Tensor<T> features = tape.Allocate(frame.Graph.Count, Features);
        Span<T> values = features.Values;
        ReadOnlySpan<float> source = frame.Features;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = T.CreateTruncating(source[i]);
        }

        if (Options.Hidden != 16 || Options.Aggregation != SegmentAggregation.Max)
        {
            Adjacency links = DirectedLinks.Of(frame.Graph, out float[] roots);
            Tensor<T> encoding = tape.Allocate(links.Edges, AngleEncoding.Width);
            for (int link = 0; link < roots.Length; link++)
            {
                AngleEncoding.Encode(roots[link], encoding.Values.Slice(link * AngleEncoding.Width, AngleEncoding.Width));
            }

            return Forward(tape, features, encoding, links, moments);
        }

        return Score(tape, features, SegmentMessages<T>.Instance.Apply(tape, frame, _parameters, moments?.Message, 1e-5), moments);
    }

    /// <summary>The second half: logits from features and joined messages (segments x hidden).</summary>
    public Tensor<T> Score<T>(Tape<T> tape, Tensor<T> features, Tensor<T> joined, SegmentMoments? moments = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> updated = _update.Forward(tape, ConcatenateColumns<T>.Apply(features, joined), moments?.Update);
        return _score.Forward(tape, updated, moments?.Score);
    }

    /// <summary>What every layer (normalisation, linear, rectifier) of the three perceptrons gives at chosen rows of a prepared frame,
    /// running averages normalising: for a look inside, not for speed.</summary>
    /// <param name="tape">Tape with the parameters bound.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="links">Directed links: 2 k carries the message of link k to its deeper segment, 2 k + 1 the one to its shallower
    /// segment.</param>
    /// <param name="segments">Segments.</param>
    /// <param name="message">Receives the layers of the message perceptron, one row for each chosen link.</param>
    /// <param name="update">Receives the layers of the update perceptron, one row for each chosen segment.</param>
    /// <param name="score">Receives the layers of the read-out, one row for each chosen segment.</param>
    public void ForwardLayers<T>(
        Tape<T> tape,
        SegmentInput frame,
        ReadOnlySpan<int> links,
        ReadOnlySpan<int> segments,
        ICollection<Tensor<T>> message,
        ICollection<Tensor<T>> update,
        ICollection<Tensor<T>> score)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SegmentGraph graph = frame.Graph;
        Tensor<T> pairs = tape.Allocate(links.Length, (2 * Features) + AngleEncoding.Width);
        for (int row = 0; row < links.Length; row++)
        {
            int link = links[row] / 2;
            int deeper = DeeperOf(graph.LinkOffsets, link);
            int shallower = graph.Offsets[graph.Shallower[deeper]] + link - graph.LinkOffsets[deeper];
            (int target, int source) = links[row] % 2 == 0 ? (deeper, shallower) : (shallower, deeper);
            Span<T> pair = pairs.Values.Slice(row * pairs.Columns, pairs.Columns);
            CopyFeatures(frame, target, pair);
            CopyFeatures(frame, source, pair[Features..]);
            AngleEncoding.Encode(graph.RootAngles[link], pair[(2 * Features)..]);
        }

        _message.Forward(tape, pairs, null, message);
        Tensor<T> joined = SegmentMessages<T>.Instance.Apply(tape, frame, _parameters, null, 1e-5);
        Tensor<T> rows = tape.Allocate(segments.Length, Features + joined.Columns);
        for (int row = 0; row < segments.Length; row++)
        {
            Span<T> target = rows.Values.Slice(row * rows.Columns, rows.Columns);
            CopyFeatures(frame, segments[row], target);
            joined.Values.Slice(segments[row] * joined.Columns, joined.Columns).CopyTo(target[Features..]);
        }

        _score.Forward(tape, _update.Forward(tape, rows, null, update), null, score);
    }

    public override void Absorb<T>(ParameterVector<T> parameters, SegmentMoments moments)
    {
        _message.Absorb(parameters, moments.Message);
        _update.Absorb(parameters, moments.Update);
        _score.Absorb(parameters, moments.Score);
    }

    // The segment that a link begins at: the last whose links begin at or before it and that has any.
    private static int DeeperOf(ReadOnlySpan<int> linkOffsets, int link)
    {
        int low = 0;
        int high = linkOffsets.Length - 1;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = linkOffsets[middle] <= link ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static void CopyFeatures<T>(SegmentInput frame, int segment, Span<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<float> source = frame.Features.Slice(segment * Features, Features);
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = T.CreateTruncating(source[i]);
        }
    }
}

/// <summary>The line graph written out: both directions of each link, ordered by target and then by source.</summary>
internal static class DirectedLinks
{
    /// <summary>The directed links of a frame's segments.</summary>
    /// <param name="graph">Segments and links.</param>
    /// <param name="roots">Square root of the angle of each directed link.</param>
    public static Adjacency Of(SegmentGraph graph, out float[] roots)
    {
        int[] sources = new int[2 * graph.Links];
        int[] targets = new int[2 * graph.Links];
        roots = new float[2 * graph.Links];

        // Segments that a segment receives from: deeper ones, which come earlier, then shallower ones, which come later.
        int at = 0;
        for (int e = 0; e < graph.Count; e++)
        {
            int deeper = graph.Deeper[e];
            for (int k = graph.IncomingOffsets[deeper]; k < graph.IncomingOffsets[deeper + 1]; k++)
            {
                int before = graph.Incoming[k];
                (sources[at], targets[at]) = (before, e);
                roots[at++] = graph.RootAngles[graph.LinkOffsets[before] + e - graph.Offsets[deeper]];
            }

            int shallower = graph.Shallower[e];
            for (int link = graph.LinkOffsets[e]; link < graph.LinkOffsets[e + 1]; link++)
            {
                (sources[at], targets[at]) = (graph.Offsets[shallower] + link - graph.LinkOffsets[e], e);
                roots[at++] = graph.RootAngles[link];
            }
        }

        Adjacency links = new();
        links.Set(graph.Count, sources, targets);
        return links;
    }
}
