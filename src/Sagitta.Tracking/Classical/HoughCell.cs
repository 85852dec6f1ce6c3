namespace Sagitta.Tracking.Classical;

/// <summary>A cell of the Hough transform.</summary>
/// <param name="Slope">Its index in slope.</param>
/// <param name="Position">Its index in y.</param>
/// <param name="Planes">Planes that vote for it.</param>
internal readonly record struct HoughCell(int Slope, int Position, int Planes);
