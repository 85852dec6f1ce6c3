using System.ComponentModel.DataAnnotations;

namespace Sagitta.Tracking.Measurement;

/// <summary>The measurement stage: what makes of a plane's strips a better position and error than centroid and error model.</summary>
internal sealed record MeasurementOptions
{
    /// <summary>Whether there is such a stage; without, centroids and errors of the clusters go into the fit as they are.</summary>
    public bool Enabled { get; init; }

    /// <summary>Columns of each of its two hidden layers.</summary>
    [Range(1, 1024)]
    public int Width { get; init; } = 24;

    /// <summary>Whether it sees the times of the strips, relative to the event's own; else their charges alone.</summary>
    public bool Time { get; init; } = true;

    /// <summary>Passes over the training events in which it is trained alone, the scores of hits fixed, after the network's
    /// training.</summary>
    [Range(0, 100_000)]
    public int Epochs { get; init; } = 40;

    /// <summary>Events of one step of these.</summary>
    [Range(1, 1_000_000)]
    public int BatchSize { get; init; } = 64;

    /// <summary>Their highest learning rate of Adam.</summary>
    [Range(1e-12, 10)]
    public double LearningRate { get; init; } = 1e-2;
}
