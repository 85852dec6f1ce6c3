namespace Sagitta.Tests.Tracking.Fitting;

/// <summary>
/// Closed forms for the curvature error of equally spaced planes with equal resolution (R. L. Gluckstern, Nucl. Instrum. Meth. 24, 1963, p.
/// 381): cross-checks of <see cref="ResolutionLimit"/> where they hold.
/// </summary>
internal static class Gluckstern
{
    /// <summary>
    /// Error of the curvature (1/mm) of <paramref name="planes"/> equidistant planes over <paramref name="length"/> mm with resolution
    /// <paramref name="sigma"/> mm, straight track, no scattering: sigma / L^2 sqrt(720 N^3 / ((N - 1)(N + 1)(N + 2)(N + 3))), N = planes -
    /// 1.
    /// </summary>
    public static double Measurement(int planes, double length, double sigma)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(planes, 3);
        double n = planes - 1;
        return sigma / (length * length) * Math.Sqrt(720 * n * n * n / ((n - 1) * (n + 1) * (n + 2) * (n + 3)));
    }

    /// <summary>
    /// Error of the curvature (1/mm) from scattering alone in matter spread evenly over <paramref name="length"/> mm, in the limit of many
    /// exact planes with optimal weights: the projected scattering angle over the length, theta / L.
    /// </summary>
    public static double Scattering(double length, double projectedAngle) => projectedAngle / length;
}
