namespace Sagitta.Tracking.Muon.Training;

/// <summary>How a muon network is trained.</summary>
internal sealed record MuonTrainingOptions
{
    /// <summary>Passes over the training events.</summary>
    public int Epochs { get; init; } = 8;

    /// <summary>Events of one optimiser step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Events whose forward and backward pass one thread runs at a time; part of the result (summation order), unlike the thread
    /// count.</summary>
    public int ChunkSize { get; init; } = 4;

    /// <summary>
    /// Whether the last events of a batch fall into ever shorter chunks, so that threads end together; part of the result, as
    /// <see cref="ChunkSize"/> is. On unless a configuration says otherwise; models trained before there was a choice had it off.
    /// </summary>
    public bool TaperedChunks { get; init; } = true;

    /// <summary>Highest learning rate of Adam.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Fraction of all steps over which the learning rate rises; it then falls along a cosine.</summary>
    public double LearningRateWarmUp { get; init; } = 0.05;

    /// <summary>Largest norm of a step's gradient.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Decoupled weight decay of Adam.</summary>
    public double WeightDecay { get; init; } = 1e-4;
}
