namespace Sagitta.Reports.Displays;

/// <summary>
/// One event: a panel for each station, hits coloured by a quantity that the reader chooses, tracks, and below them the residuals of
/// the planes. In a browser the panels zoom by wheel and move by dragging, and hits tell their numbers; printed, it is a figure.
/// </summary>
/// <param name="Planes">Planes in the order of the beam.</param>
/// <param name="Hits">All hits of the event.</param>
/// <param name="Caption">With the inline notation of <see cref="Paragraph"/>.</param>
internal sealed record StationDisplay(IReadOnlyList<DisplayPlane> Planes, IReadOnlyList<StationHit> Hits, string Caption) : Block
{
    /// <summary>Trajectories, such as the fitted and the true one.</summary>
    public IReadOnlyList<DisplayTrack> Tracks { get; init; } = [];

    /// <summary>Measurements that the fit used; empty if there was none.</summary>
    public IReadOnlyList<PlaneResidual> Residuals { get; init; } = [];

    /// <summary>The quantity that hits are coloured by at first.</summary>
    public HitQuantity ColouredBy { get; init; } = HitQuantity.Score;
}
