namespace Sagitta.Tracking.Calorimeter;

/// <summary>How a segment network is trained.</summary>
internal sealed record CalorimeterTrainingOptions
{
    /// <summary>Optimiser steps.</summary>
    public int Steps { get; init; } = 250;

    /// <summary>Frames of one step.</summary>
    public int FramesPerStep { get; init; } = 32;

    /// <summary>Protons of a training frame, drawn anew for each frame; see <see cref="MixOccupancy"/>.</summary>
    public int Protons { get; init; } = 100;

    /// <summary>Whether frames vary in occupancy: a quarter, a half, three quarters or all of <see cref="Protons"/>.</summary>
    public bool MixOccupancy { get; init; }

    /// <summary>
    /// Frames that are normalised together in training, a divisor of <see cref="FramesPerStep"/>: 1 as published, all of a step for
    /// normalisation per batch.
    /// </summary>
    public int FramesPerNormalisation { get; init; } = 1;

    /// <summary>Highest learning rate of RMSprop.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Whether the rate falls along a cosine to a hundredth; the published code keeps it constant.</summary>
    public bool Decay { get; init; } = true;

    /// <summary>Steps between two looks at the validation frames; the parameters with the best purity there are kept.</summary>
    public int ValidateEvery { get; init; } = 25;

    /// <summary>
    /// Whether validation frames are normalised by their own moments and then move the running averages, as the published code's are: it
    /// chooses by a purity that the tested network, with running averages, does not have. For comparison.
    /// </summary>
    public bool ValidateWithBatchStatistics { get; init; }
}
