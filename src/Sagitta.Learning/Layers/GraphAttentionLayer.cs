using System.Numerics;

namespace Sagitta.Learning.Layers;

/// <summary>
/// One round of attention over the edges of a graph (GATv2, arXiv:2105.14491): activation(normalise(attention(x) + residual(x))).
/// </summary>
internal sealed class GraphAttentionLayer
{
    private readonly GraphAttentionOptions _options;
    private readonly Linear _left;
    private readonly Linear _right;
    private readonly Linear? _residual;
    private readonly LayerNormalisation? _normalisation;
    private readonly Parameter _edge;
    private readonly Parameter _attention;

    /// <summary>
    /// Registers "prefix.left", "prefix.right", "prefix.edge.weight" (edge features x width), "prefix.attention" (1 x width) and, as the
    /// options say, "prefix.residual" (where <paramref name="inputs"/> is not the width) and "prefix.normalisation".
    /// </summary>
    public GraphAttentionLayer(ParameterLayout layout, string prefix, int inputs, GraphAttentionOptions options)
    {
        _options = options;
        _left = new(layout, prefix + ".left", inputs, options.Width);
        _right = new(layout, prefix + ".right", inputs, options.Width);
        _edge = layout.Add(prefix + ".edge.weight", options.EdgeFeatures, options.Width,
            Initialisation.Uniform.FanIn(options.EdgeFeatures));
        _attention = layout.Add(prefix + ".attention", 1, options.Width, Initialisation.Uniform.Glorot(options.HeadWidth, 1));
        _residual = options.Residual && inputs != options.Width ? new(layout, prefix + ".residual", inputs, options.Width) : null;
        _normalisation = options.Normalised ? new(layout, prefix + ".normalisation", options.Width) : null;
    }

    /// <summary>Columns of the output.</summary>
    public int Width => _options.Width;

    /// <summary>Nodes x width from nodes x inputs and edges x edge features.</summary>
    public Tensor<T> Forward<T>(Tape<T> tape, Tensor<T> x, Tensor<T> edgeFeatures, Adjacency edges)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> y = GraphAttention<T>.Apply(_left.Forward(tape, x), _right.Forward(tape, x), edgeFeatures, tape.Use(_edge),
            tape.Use(_attention), edges, _options.Heads, _options.ScoreSlope);
        if (_options.Residual)
        {
            y = Add<T>.Apply(y, _residual is null ? x : _residual.Forward(tape, x), inPlace: true);
        }

        y = _normalisation is null ? y : _normalisation.Forward(tape, y, inPlace: true);
        return _options.Activation.Apply(y, inPlace: true);
    }
}

/// <summary>Shape of a <see cref="GraphAttentionLayer"/>.</summary>
internal sealed record GraphAttentionOptions
{
    /// <summary>Number of attention heads. Default 4.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Columns of each head. Default 8.</summary>
    public int HeadWidth { get; init; } = 8;

    /// <summary>Features of each edge. Default 4.</summary>
    public int EdgeFeatures { get; init; } = 4;

    /// <summary>Slope below zero of the leaky rectifier inside the scores. Default 0.2, as published.</summary>
    public double ScoreSlope { get; init; } = 0.2;

    /// <summary>Whether the input (through a linear layer where widths differ) is added to the output. Default true.</summary>
    public bool Residual { get; init; } = true;

    /// <summary>Whether each row is normalised before the activation. Default true.</summary>
    public bool Normalised { get; init; } = true;

    /// <summary>The function after the normalisation. Default the exponential linear unit.</summary>
    public Activation Activation { get; init; } = new Activation.Elu();

    /// <summary>Columns of the output: heads times head width.</summary>
    public int Width => Heads * HeadWidth;
}
