namespace Sagitta.Tracking.ResidualRange;

/// <summary>The range of one track.</summary>
/// <param name="Range">Range left at the first layer, mm of water; means nothing where the fit failed.</param>
/// <param name="Error">Its standard error by the curvature of S, mm; NaN where the fit failed.</param>
/// <param name="Energy">Kinetic energy there by the rule of Bragg and Kleeman, MeV; means nothing where the fit failed.</param>
/// <param name="Status">How the fit ended.</param>
internal readonly record struct RangeEstimate(double Range, double Error, double Energy, SolveStatus Status);
