namespace Sagitta.Tracking.Alignment;

/// <summary>A combination of parameters that tracks hardly measure: a unit vector with the standard deviation of its coefficient.</summary>
/// <param name="Name">Name of the pattern that it resembles most.</param>
/// <param name="Vector">One a parameter, of length 1.</param>
/// <param name="Sigma">Standard deviation of its coefficient in mm without constraints; infinite where tracks say nothing.</param>
/// <param name="Likeness">Square of the part of the vector that lies along the pattern of that name.</param>
/// <param name="QOverPtPerMm">Mean change of q/pT, 1/GeV, for a coefficient of 1 mm.</param>
/// <param name="ScalePerMm">Mean relative change of momenta for a coefficient of 1 mm.</param>
internal sealed record WeakMode(string Name, double[] Vector, double Sigma, double Likeness, double QOverPtPerMm, double ScalePerMm);
