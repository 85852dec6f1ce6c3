namespace Sagitta.Tracking.Fitting;

/// <summary>A measurement of y at z = 0, such as a beam spot's, which joins the planes in a fit. The default is none.</summary>
/// <param name="Y">Its value, mm.</param>
/// <param name="Weight">One over its variance, 1/mm^2; 0 is no constraint.</param>
internal sealed record VertexConstraint(double Y = 0, double Weight = 0);
