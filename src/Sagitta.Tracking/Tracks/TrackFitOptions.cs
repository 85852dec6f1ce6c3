namespace Sagitta.Tracking.Tracks;

/// <summary>How tracks are fitted to clusters, the same for every method.</summary>
internal sealed record TrackFitOptions
{
    /// <summary>
    /// Whether a second fit follows the diagonal one, with multiple scattering between planes, loss of energy, and cluster errors that
    /// know the track's inclination.
    /// </summary>
    public bool Covariance { get; init; } = true;

    /// <summary>Whether outlying planes lose their say smoothly: a robust fit, then the fit of all others with presences lowered by the
    /// distance from it.</summary>
    public bool Robust { get; init; }

    /// <summary>How, where they do.</summary>
    public RobustFitOptions Outliers { get; init; } = new();

    /// <summary>What counts as too few planes, a vertex, and when a fit is given up.</summary>
    public CircleFitOptions Circle { get; init; } = new();
}
