namespace Sagitta.Reports.Displays;

/// <summary>
/// One readout frame from above and from the side: hits, true tracks, assigned tracks, and what is wrong with these: segments that
/// join hits of different primaries, and true segments that were not found.
/// </summary>
/// <param name="Hits">All hits of the frame.</param>
/// <param name="TrueTracks">For each primary its hits in order, as indices into the hits.</param>
/// <param name="AssignedTracks">For each reconstructed track its hits in order.</param>
/// <param name="Caption">With the inline notation of <see cref="Paragraph"/>.</param>
internal sealed record LayerDisplay(
    IReadOnlyList<LayerHit> Hits,
    IReadOnlyList<IReadOnlyList<int>> TrueTracks,
    IReadOnlyList<IReadOnlyList<int>> AssignedTracks,
    string Caption) : Block;
