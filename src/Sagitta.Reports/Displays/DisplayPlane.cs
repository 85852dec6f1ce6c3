namespace Sagitta.Reports.Displays;

/// <summary>A plane of a detector as a display draws it.</summary>
/// <param name="Z">Along the beam, mm.</param>
/// <param name="Station">The panel it stands in, from 0.</param>
internal sealed record DisplayPlane(double Z, int Station);
