namespace Sagitta.Experiments.Calorimeter;

/// <summary>One way to train.</summary>
public sealed record CalorimeterMethodOptions
{
    /// <summary>"predict-then-track": cross-entropy of scores. "predict-and-track": Hamming distance through the assignment.</summary>
    public string Name { get; init; } = "predict-then-track";

    /// <summary>Interpolation factor of the assignment's gradient; 0 for predict-then-track.</summary>
    public double Lambda { get; init; }

    /// <summary>When above zero, lambda is scaled in each backward pass so that the largest change of a cost is this.</summary>
    public double LargestChange { get; init; }

    /// <summary>Whether the loss is divided by the frames of a step before the backward solve, as published; it shrinks lambda's reach as much.</summary>
    public bool ScaleBeforeSolving { get; init; } = true;

    /// <summary>Share of cross-entropy added to the Hamming loss.</summary>
    public double CrossEntropyShare { get; init; }

    /// <summary>Margin on costs in training.</summary>
    public double Margin { get; init; }
}
