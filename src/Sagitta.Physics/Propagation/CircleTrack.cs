namespace Sagitta.Physics.Propagation;

/// <summary>
/// The exact path in a uniform field along x: with sin psi(z) = s0 + kappa z, y(z) is the integral of tan psi, a circle in (y, z).
/// </summary>
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
    public double At(double z) => Y0 + Displacement(z, Sine, Curvature);

    /// <summary>y - y0 at <paramref name="z"/>, or NaN where the circle does not reach it.</summary>
    public static double Displacement(double z, double sine, double curvature)
    {
        double end = sine + (curvature * z);
        return Displacement(z, sine, end, Math.Sqrt(1 - (sine * sine)), Math.Sqrt(1 - (end * end)));
    }

    /// <summary>The same from sines and cosines at 0 and at <paramref name="z"/>.</summary>
    /// <remarks>
    /// z (2 s0 + kappa z) / (cos psi(0) + cos psi(z)): the difference of two cosines over kappa, with the cancellation multiplied out, so
    /// it stays exact as kappa goes to 0.
    /// </remarks>
    public static double Displacement(double z, double sine, double end, double cosine, double endCosine) =>
        z * (sine + end) / (cosine + endCosine);
}

/// <summary>
/// A <see cref="CircleTrack"/> at one z, with its derivatives: the scalar formulas that <c>CircleLanes</c> holds in vectors. With sin
/// psi(z) = s0 + kappa z the track is y(z) = y0 + integral of tan psi, and every quantity here has a closed form that stays exact as kappa
/// -> 0 (docs/method.md derives them): with s = s0, t = s0 + kappa z, c = cos psi(0), e = cos psi(z), D = 1 + c e - s t.
/// </summary>
/// <param name="Y">y - y0 = z (s + t) / (c + e), mm.</param>
/// <param name="Tangent">dy/dz = t / e.</param>
/// <param name="InverseCosineCubed">d tan psi / d sin psi = 1 / e^3.</param>
/// <param name="BySlope">dy/ds0 = z (c + e) / (c e D).</param>
/// <param name="ByCurvature">dy/dkappa = z^2 / (e D).</param>
/// <param name="BySlopeSlope">Second derivative z (s + t) (c^2 + c e + e^2) / ((c + e) c^3 e^3).</param>
/// <param name="BySlopeCurvature">Second derivative z^2 / (e D) (t / e^2 + (s e / c + t c / e + s + t) / D).</param>
/// <param name="ByCurvatureCurvature">Second derivative z^3 / (e D) (t / e^2 + (c t / e + s) / D).</param>
internal readonly record struct CirclePoint(
    double Y,
    double Tangent,
    double InverseCosineCubed,
    double BySlope,
    double ByCurvature,
    double BySlopeSlope,
    double BySlopeCurvature,
    double ByCurvatureCurvature)
{
    /// <summary>The circle at <paramref name="z"/> (mm), for a slope s0 at z = 0 and a curvature in 1/mm; false where the circle does not
    /// reach z or 0.</summary>
    public static bool TryEvaluate(double z, double slope, double curvature, out CirclePoint point)
    {
        double s = slope;
        double t = slope + (curvature * z);
        double cosine2 = 1 - (s * s);
        double end2 = 1 - (t * t);
        if (!(cosine2 > 0) || !(end2 > 0))
        {
            point = default;
            return false;
        }

        double c = Math.Sqrt(cosine2);
        double e = Math.Sqrt(end2);
        double d = 1 + (c * e) - (s * t);
        double byCurvature = z * z / (e * d);
        double tOverE2 = t / end2;
        point = new(
            CircleTrack.Displacement(z, s, t, c, e),
            t / e,
            1 / (end2 * e),
            z * (c + e) / (c * e * d),
            byCurvature,
            z * (s + t) * (cosine2 + (c * e) + end2) / ((c + e) * cosine2 * c * end2 * e),
            byCurvature * (tOverE2 + (((s * e / c) + (t * c / e) + s + t) / d)),
            byCurvature * z * (tOverE2 + (((c * t / e) + s) / d)));
        return true;
    }
}
