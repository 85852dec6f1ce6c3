using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Sagitta.Tracking.Scoring;

/// <summary>
/// The graph attention network (GATv2 scoring, arXiv:2105.14491) that gives every hit two logits, of belonging to the muon and of its
/// weight in the fit: a linear embedding, rounds of attention with residuals and normalisation, and a read-out of one hidden layer.
/// </summary>
internal sealed class HitScorer
{
    private readonly Linear _embedding;
    private readonly GraphAttentionLayer[] _attention;
    private readonly Linear _readOut;
    private readonly Linear _score;
    private readonly Linear _weight;
    private readonly Linear? _separation;

    /// <summary>Registers all parameters in a layout of its own.</summary>
    /// <param name="options">Its shape.</param>
    /// <param name="separationColumns">Numbers of each hit that tell tracks of one event apart; 0 for none.</param>
    public HitScorer(HitScorerOptions options, int separationColumns = 0)
    {
        Options = options;
        int width = options.Heads * options.HeadWidth;
        _embedding = new(Layout, "embedding", HitGraph.HitFeatureCount, width);
        _attention = new GraphAttentionLayer[options.Layers];
        for (int i = 0; i < _attention.Length; i++)
        {
            _attention[i] = new(Layout, $"attention.{i}", width,
                new() { Heads = options.Heads, HeadWidth = options.HeadWidth, EdgeFeatures = HitGraph.EdgeFeatureCount });
        }

        _readOut = new(Layout, "readout", width, width);
        _score = new(Layout, "score", width, 1);
        _weight = new(Layout, "weight", width, 1);
        _separation = separationColumns > 0 ? new(Layout, "separation", width, separationColumns) : null;
    }

    /// <summary>Its shape.</summary>
    public HitScorerOptions Options { get; }

    /// <summary>Names and places of its parameters.</summary>
    public ParameterLayout Layout { get; } = new();

    /// <summary>
    /// Logits of the hits of a graph, with the parameters bound to the tape. An empty graph gives empty columns. The graph must stay as it
    /// is until the tape is reset.
    /// </summary>
    /// <param name="tape">Tape with the parameters bound.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="blocks">Receives the outputs of embedding, each round of attention and scores, hits x columns, for a look
    /// inside.</param>
    public HitLogits<T> Forward<T>(Tape<T> tape, HitGraph graph, ICollection<Tensor<T>>? blocks = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> hits = Copy(tape, graph.HitFeatures, graph.Hits, HitGraph.HitFeatureCount);
        Tensor<T> edges = graph.EdgeFeatureMemory is PinnedBuffer<T> memory
            ? tape.Borrow(memory, graph.Edges, HitGraph.EdgeFeatureCount)
            : Copy(tape, graph.EdgeFeatures, graph.Edges, HitGraph.EdgeFeatureCount);
        Tensor<T> x = _embedding.Forward(tape, hits);
        blocks?.Add(x);
        foreach (GraphAttentionLayer layer in _attention)
        {
            x = layer.Forward(tape, x, edges, graph.Adjacency);
            blocks?.Add(x);
        }

        x = Elu<T>.Apply(_readOut.Forward(tape, x));
        HitLogits<T> logits = new(_score.Forward(tape, x), _weight.Forward(tape, x)) { Separation = _separation?.Forward(tape, x) };
        blocks?.Add(logits.Score);
        return logits;
    }

    private static Tensor<T> Copy<T>(Tape<T> tape, ReadOnlySpan<float> values, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            return tape.Constant(MemoryMarshal.Cast<float, T>(values), rows, columns);
        }

        Tensor<T> tensor = tape.Allocate(rows, columns);
        Span<T> target = tensor.Values;
        for (int i = 0; i < values.Length; i++)
        {
            target[i] = T.CreateTruncating(values[i]);
        }

        return tensor;
    }
}

/// <summary>Shape of the network that scores hits.</summary>
internal sealed record HitScorerOptions
{
    /// <summary>Rounds of attention.</summary>
    [Range(1, 32)]
    public int Layers { get; init; } = 3;

    /// <summary>Heads of each round.</summary>
    [Range(1, 32)]
    public int Heads { get; init; } = 4;

    /// <summary>Columns of each head.</summary>
    [Range(1, 256)]
    public int HeadWidth { get; init; } = 8;

    /// <summary>Whether logits are the mean of those of the event and of its mirror image (y to -y), so that both have the same track:
    /// twice the work of graph and network. It is for use, not for training.</summary>
    public bool Symmetric { get; init; }
}

/// <summary>
/// What the network says of every hit of a graph. How likely a hit is the muon's and how well it tells where the muon passed are two
/// questions: a hit that a delta electron has moved is the muon's, and spoils the fit.
/// </summary>
/// <param name="Score">Hits x 1: logits of belonging to the muon.</param>
/// <param name="Weight">Hits x 1: logits of the weight in the fit.</param>
internal readonly record struct HitLogits<T>(Tensor<T> Score, Tensor<T> Weight)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Hits x columns: places that are near each other for hits of one track; null for a network that tells no tracks
    /// apart.</summary>
    public Tensor<T>? Separation { get; init; }
}

/// <summary>What a network says of every hit of a sample; see <see cref="HitLogits{T}"/>.</summary>
/// <param name="Score">For each hit the logit of belonging to the muon.</param>
/// <param name="Weight">For each hit the logit of its weight in the fit.</param>
internal sealed record SampleLogits(float[] Score, float[] Weight);
