namespace Sagitta.Physics.Propagation;

/// <summary>The exact path in a uniform field along x: with sin psi(z) = s0 + kappa z, y(z) is the integral of tan psi, a circle in (y,
/// z).</summary>
/// <param name="Y0">y at z = 0, mm.</param>
/// <param name="Sine">s0: sine of the angle to +z at z = 0.</param>
/// <param name="Curvature">kappa in 1/mm, positive towards +y.</param>
internal readonly record struct CircleTrack(double Y0, double Sine, double Curvature)
{
    /// <summary>The circle of charge over transverse momentum <paramref name="qOverPt"/> (1/GeV) in a field in T.</summary>
    public static CircleTrack FromMomentum(double y0, double sine, double qOverPt, double fieldTesla) =>
        new(y0, sine, CurvatureOf(qOverPt, fieldTesla));

    /// <summary>kappa = 0.299792458 B q / pT per metre, in 1/mm.</summary>
    public static double CurvatureOf(double qOverPt, double fieldTesla) => PhysicalConstants.CurvaturePerTesla * fieldTesla * qOverPt;

    /// <summary>Sine of the angle to +z at <paramref name="z"/>; beyond -1 .. 1 the circle never gets there.</summary>
    public double SineAt(double z) => Sine + (Curvature * z);

    /// <summary>y at <paramref name="z"/> in mm; NaN where the circle turns back before.</summary>
    /// <remarks>y0 + z (2 s0 + kappa z) / (cos psi(0) + cos psi(z)): the difference of two cosines over kappa, with the cancellation
    /// multiplied out, so it stays exact as kappa goes to 0.</remarks>
    public double At(double z)
    {
        double end = Sine + (Curvature * z);
        return Y0 + (z * (Sine + end) / (Math.Sqrt(1 - (Sine * Sine)) + Math.Sqrt(1 - (end * end))));
    }
}
