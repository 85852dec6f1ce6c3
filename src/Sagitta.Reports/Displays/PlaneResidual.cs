namespace Sagitta.Reports.Displays;

/// <summary>What a plane measured against the fitted track.</summary>
/// <param name="Plane">Index of the plane.</param>
/// <param name="Centroid">Measured y, mm.</param>
/// <param name="Residual">Measured minus fitted, mm.</param>
/// <param name="Sigma">Error of the measurement that the fit used, mm.</param>
internal sealed record PlaneResidual(int Plane, double Centroid, double Residual, double Sigma);
