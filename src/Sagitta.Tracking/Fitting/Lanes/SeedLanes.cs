using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.Fitting.Lanes;

/// <summary>The seeds of <see cref="CircleSeed"/> in lanes. y0 makes the mean residual vanish to first order: it is taken at the mean of
/// z.</summary>
internal static class SeedLanes<TLanes>
    where TLanes : unmanaged, ILanes<TLanes, double>
{
    /// <summary>The weighted parabola as a circle; see <see cref="CircleSeed.TryParabola"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static unsafe CircleLanes<TLanes> Parabola(int planes, double* z, double* y, double* weights)
    {
        Means(planes, z, y, weights, out TLanes sum, out TLanes meanZ, out TLanes meanY);
        TLanes zero = TLanes.Broadcast(0);
        TLanes one = TLanes.Broadcast(1);
        TLanes u2 = zero, u3 = zero, u4 = zero, uy = zero, u2y = zero;
        for (int i = 0; i < planes; i++)
        {
            TLanes u = TLanes.Broadcast(z[i]) - meanZ;
            TLanes v = TLanes.Load(y + (i * TLanes.Count)) - meanY;
            TLanes wu = TLanes.Load(weights + (i * TLanes.Count)) * u;
            TLanes wu2 = wu * u;
            u2 += wu2;
            u3 = TLanes.FusedMultiplyAdd(wu2, u, u3);
            u4 = TLanes.FusedMultiplyAdd(wu2 * u, u, u4);
            uy = TLanes.FusedMultiplyAdd(wu, v, uy);
            u2y = TLanes.FusedMultiplyAdd(wu2, v, u2y);
        }

        TLanes tilt = u3 / u2;
        TLanes norm = u4 - (u3 * tilt) - (u2 * u2 / sum);
        TLanes quadratic = (u2y - (tilt * uy)) / norm;
        TLanes slope = (uy / u2) - (quadratic * tilt);
        TLanes cosine = one / TLanes.Sqrt(TLanes.FusedMultiplyAdd(slope, slope, one));
        CircleLanes<TLanes> circle;
        circle.Curvature = (quadratic + quadratic) * cosine * cosine * cosine;
        circle.Slope = (slope * cosine) - (circle.Curvature * meanZ);
        circle.Y0 = CircleLanes<TLanes>.Origin(circle.Slope, circle.Curvature, meanZ, meanY - (quadratic * u2 / sum));
        return circle;
    }

    /// <summary>Kasa's circle; see <see cref="CircleSeed.TryKasa"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static unsafe CircleLanes<TLanes> Kasa(int planes, double* z, double* y, double* weights)
    {
        Means(planes, z, y, weights, out TLanes sum, out TLanes meanZ, out TLanes meanY);
        TLanes zero = TLanes.Broadcast(0);
        TLanes one = TLanes.Broadcast(1);
        TLanes uu = zero, uv = zero, vv = zero, uq = zero, vq = zero;
        for (int i = 0; i < planes; i++)
        {
            TLanes u = TLanes.Broadcast(z[i]) - meanZ;
            TLanes v = TLanes.Load(y + (i * TLanes.Count)) - meanY;
            TLanes w = TLanes.Load(weights + (i * TLanes.Count));
            TLanes q = TLanes.FusedMultiplyAdd(u, u, v * v);
            TLanes wu = w * u;
            TLanes wv = w * v;
            uu = TLanes.FusedMultiplyAdd(wu, u, uu);
            uv = TLanes.FusedMultiplyAdd(wu, v, uv);
            vv = TLanes.FusedMultiplyAdd(wv, v, vv);
            uq = TLanes.FusedMultiplyAdd(wu, q, uq);
            vq = TLanes.FusedMultiplyAdd(wv, q, vq);
        }

        TLanes determinant = (uu * vv) - (uv * uv);
        TLanes half = TLanes.Broadcast(0.5) / determinant;
        TLanes a = ((uq * vv) - (vq * uv)) * half;
        TLanes b = ((vq * uu) - (uq * uv)) * half;
        TLanes radius2 = TLanes.FusedMultiplyAdd(a, a, b * b) + ((uu + vv) / sum);
        TLanes bend = one / TLanes.Sqrt(radius2);
        CircleLanes<TLanes> circle;
        circle.Curvature = TLanes.Select(TLanes.LessThan(b, zero), zero - bend, bend);
        circle.Slope = zero - (circle.Curvature * (a + meanZ));
        circle.Y0 = CircleLanes<TLanes>.Origin(circle.Slope, circle.Curvature, meanZ, meanY - (circle.Curvature * uu / (sum + sum)));
        return circle;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Means(int planes, double* z, double* y, double* weights, out TLanes sum, out TLanes meanZ, out TLanes meanY)
    {
        sum = meanZ = meanY = TLanes.Broadcast(0);
        for (int i = 0; i < planes; i++)
        {
            TLanes w = TLanes.Load(weights + (i * TLanes.Count));
            sum += w;
            meanZ = TLanes.FusedMultiplyAdd(w, TLanes.Broadcast(z[i]), meanZ);
            meanY = TLanes.FusedMultiplyAdd(w, TLanes.Load(y + (i * TLanes.Count)), meanY);
        }

        TLanes inverse = TLanes.Broadcast(1) / sum;
        meanZ *= inverse;
        meanY *= inverse;
    }
}
