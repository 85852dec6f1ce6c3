namespace Sagitta.Tracking.Fitting;

/// <summary>
/// First estimates of a track (y0, s0, curvature) from weighted points, without iteration. The parabola is exact for straight tracks and
/// good for all but strongly curved ones; Kasa's circle is exact for points on any circle but biased and unstable when noise rivals the
/// sagitta. The fit starts from whichever has the smaller chi-square, so its answer does not depend on a tuned border between them.
/// </summary>
internal static class CircleSeed
{
    /// <summary>
    /// Weighted parabola y = a + b u + c u^2 about the weighted mean of z, turned into the circle with the same slope
    /// and second derivative there: sin psi = b / sqrt(1 + b^2), kappa = 2 c cos^3 psi.
    /// </summary>
    /// <returns>False where the points do not determine a parabola or its circle does not span the planes; the output is then finite but
    /// useless.</returns>
    public static bool TryParabola(ReadOnlySpan<double> z, ReadOnlySpan<double> y, ReadOnlySpan<double> weights, out double slope,
        out double curvature)
    {
        (double sum, double meanZ, double meanY) = Means(z, y, weights);
        double u2 = 0, u3 = 0, u4 = 0, uy = 0, u2y = 0;
        for (int i = 0; i < z.Length; i++)
        {
            double u = z[i] - meanZ;
            double v = y[i] - meanY;
            double wu = weights[i] * u;
            double wu2 = wu * u;
            u2 += wu2;
            u3 += wu2 * u;
            u4 += wu2 * u * u;
            uy += wu * v;
            u2y += wu2 * v;
        }

        // Orthogonal polynomials 1, u, u^2 - (u3/u2) u - u2/sum decouple the three coefficients.
        double tilt = u3 / u2;
        double norm = u4 - (u3 * tilt) - (u2 * u2 / sum);
        double c = (u2y - (tilt * uy)) / norm;
        double b = (uy / u2) - (c * tilt);
        double cosine = 1 / Math.Sqrt(1 + (b * b));
        curvature = 2 * c * cosine * cosine * cosine;
        slope = (b * cosine) - (curvature * meanZ);
        return double.IsFinite(curvature) && double.IsFinite(slope) && norm > 0;
    }

    /// <summary>
    /// The algebraic circle fit of Kasa (IEEE Trans. Instrum. Meas. 25, 1976, p. 8): minimises the weighted sum of
    /// (u^2 + v^2 - 2 a u - 2 b v - c)^2 over centre (a, b) and c, in coordinates centred on the weighted means.
    /// </summary>
    /// <returns>False where the points do not determine a circle or it does not reach z = 0.</returns>
    public static bool TryKasa(ReadOnlySpan<double> z, ReadOnlySpan<double> y, ReadOnlySpan<double> weights, out double slope,
        out double curvature)
    {
        (double sum, double meanZ, double meanY) = Means(z, y, weights);
        double uu = 0, uv = 0, vv = 0, uq = 0, vq = 0;
        for (int i = 0; i < z.Length; i++)
        {
            double u = z[i] - meanZ;
            double v = y[i] - meanY;
            double q = (u * u) + (v * v);
            uu += weights[i] * u * u;
            uv += weights[i] * u * v;
            vv += weights[i] * v * v;
            uq += weights[i] * u * q;
            vq += weights[i] * v * q;
        }

        double determinant = 2 * ((uu * vv) - (uv * uv));
        double a = ((uq * vv) - (vq * uv)) / determinant;
        double b = ((vq * uu) - (uq * uv)) / determinant;
        double radius = Math.Sqrt((a * a) + (b * b) + ((uu + vv) / sum));

        // The centre is above the track (larger y) where the track bends towards +y.
        curvature = Math.CopySign(1 / radius, b);
        slope = -curvature * (a + meanZ);
        return double.IsFinite(slope) && double.IsFinite(curvature) && Math.Abs(slope) < 1;
    }

    private static (double Sum, double Z, double Y) Means(ReadOnlySpan<double> z, ReadOnlySpan<double> y, ReadOnlySpan<double> weights)
    {
        double sum = 0, meanZ = 0, meanY = 0;
        for (int i = 0; i < z.Length; i++)
        {
            sum += weights[i];
            meanZ += weights[i] * z[i];
            meanY += weights[i] * y[i];
        }

        return (sum, meanZ / sum, meanY / sum);
    }
}
