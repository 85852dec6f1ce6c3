namespace Sagitta.Learning.Layers;

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
