using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.Fitting.Lanes;

/// <summary>
/// The implicit gradient of a group of fits with full covariance: v = H^-1 g with the exact Hessian, then -(d2S / dtheta du)^T v for every
/// input u, the momentum of the covariance among them; equations in docs/method.md.
/// </summary>
internal static class ScatteredPullBack<TLanes>
    where TLanes : unmanaged, ILanes<TLanes, double>
{
    /// <summary>Lanes whose upstream is zero, failed events among them, receive zeros.</summary>
    /// <param name="geometry">Planes and field.</param>
    /// <param name="material">The material where the planes are.</param>
    /// <param name="system">The events' covariance.</param>
    /// <param name="z">z of each plane, mm.</param>
    /// <param name="y">Centroids in lanes less what loss of energy bends, mm.</param>
    /// <param name="sigma">Their errors in lanes, mm.</param>
    /// <param name="presence">Presences in lanes.</param>
    /// <param name="m">q/pT of the covariance.</param>
    /// <param name="circle">The solutions.</param>
    /// <param name="upstream">Gradients on (y0, s0, q/pT) in lanes.</param>
    /// <param name="results">
    /// Gradients on centroids, errors, presences and planes' z (those through the material left out) in lanes, one after the other, then x
    /// = V^-1 r and scratch. The gradients on centroids are also b = V^-1 J v.
    /// </param>
    /// <param name="toMomentum">Gradients on m.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static unsafe void Run(CircleGeometry geometry, TrackMaterial material, in ScatteredPlanes<TLanes> system, double* z,
        double* y, double* sigma, double* presence, TLanes m, in CircleLanes<TLanes> circle, double* upstream, double* results,
        double* toMomentum)
    {
        int planes = geometry.PlaneCount;
        int lanes = TLanes.Count;
        int stride = planes * lanes;
        TLanes zero = TLanes.Broadcast(0);
        TLanes one = TLanes.Broadcast(1);
        TLanes two = TLanes.Broadcast(2);
        TLanes f = TLanes.Broadcast(geometry.CurvaturePerQOverPt);
        double* residual = results;
        double* along = results + stride;
        double* tangent = results + (2 * stride);
        double* cube = results + (3 * stride);
        double* x = results + (4 * stride);
        double* b = results + (5 * stride);

        // Evaluate leaves the derivatives whitened; J v is needed as it is, so it is computed again.
        system.Evaluate(circle, out NormalEquations<TLanes> sums);
        system.AddResidualCurvature(circle, ref sums);
        TLanes g0 = TLanes.Load(upstream);
        TLanes g1 = TLanes.Load(upstream + lanes);
        TLanes g2 = TLanes.Load(upstream + (2 * lanes)) / f;
        TLanes wanted = TLanes.LessThan(zero, TLanes.Abs(g0) + TLanes.Abs(g1) + TLanes.Abs(g2));
        sums.Matrix.Solve(g0, g1, g2, TLanes.Broadcast(1e-14), out TLanes v0, out TLanes v1, out TLanes v2, out TLanes regular);
        wanted = TLanes.And(wanted, regular);
        TLanes s = circle.Slope;
        TLanes c = TLanes.Sqrt(CircleLanes<TLanes>.CosineSquared(s));
        TLanes inverseC = one / c;
        for (int i = 0; i < planes; i++)
        {
            int o = i * lanes;
            TLanes at = TLanes.Broadcast(z[i]);
            TLanes t = CircleLanes<TLanes>.SineAt(at, s, circle.Curvature);
            TLanes e = TLanes.Sqrt(CircleLanes<TLanes>.CosineSquared(t));
            TLanes d = CircleLanes<TLanes>.Denominator(s, t, c, e);
            TLanes cosines = c + e;
            TLanes ed = e * d;
            TLanes inverse = one / (ed * cosines);
            TLanes overE = inverse * cosines * d;
            TLanes zOver = at * cosines * inverse;
            TLanes r = CircleLanes<TLanes>.Height(at, circle.Y0, s, t, ed * inverse) - TLanes.Load(y + o);
            TLanes.Store(r, residual + o);
            TLanes.Store(TLanes.FusedMultiplyAdd(zOver * cosines * inverseC, v1, TLanes.FusedMultiplyAdd(at * zOver, v2, v0)), along + o);
            TLanes.Store(t * overE, tangent + o);
            TLanes.Store(overE * overE * overE, cube + o);
        }

        system.Apply(residual, x);
        system.Apply(along, b);

        // v is that of half of the Hessian, so the factors 2 of S are in it.
        ReadOnlySpan<double> scattering = material.Scattering;
        ReadOnlySpan<double> bending = material.Bending;
        TLanes square = m * m;
        TLanes byScattering = zero;
        TLanes byBending = zero;
        for (int i = 0; i < planes; i++)
        {
            int o = i * lanes;
            TLanes scatteredX = zero;
            TLanes scatteredB = zero;
            for (int j = 0; j < planes; j++)
            {
                TLanes u = TLanes.Broadcast(scattering[(i * planes) + j]);
                scatteredX = TLanes.FusedMultiplyAdd(u, TLanes.Load(x + (j * lanes)), scatteredX);
                scatteredB = TLanes.FusedMultiplyAdd(u, TLanes.Load(b + (j * lanes)), scatteredB);
            }

            TLanes bi = TLanes.Load(b + o);
            byScattering = TLanes.FusedMultiplyAdd(bi, scatteredX, byScattering);
            byBending = TLanes.FusedMultiplyAdd(bi, TLanes.Broadcast(bending[i]), byBending);
            TLanes error = one / TLanes.Load(sigma + o);
            TLanes precision = error * error;
            TLanes byWeight = zero - ((TLanes.Load(residual + o) - (square * scatteredX)) * (
                TLanes.Load(along + o) - (square * scatteredB)));
            TLanes byPresence = byWeight * precision;
            TLanes bySigma = zero - (two * byPresence * TLanes.Load(presence + o) * error);
            TLanes byZ = zero - TLanes.FusedMultiplyAdd(bi, TLanes.Load(tangent + o),
                TLanes.Load(x + o) * TLanes.Load(cube + o) * TLanes.FusedMultiplyAdd(TLanes.Broadcast(z[i]), v2, v1));

            // Each slot's last reading was above.
            TLanes.Store(TLanes.Select(wanted, bi, zero), residual + o);
            TLanes.Store(TLanes.Select(wanted, bySigma, zero), along + o);
            TLanes.Store(TLanes.Select(wanted, byPresence, zero), tangent + o);
            TLanes.Store(TLanes.Select(wanted, byZ, zero), cube + o);
        }

        TLanes toM = (two * m * byScattering) - (two * f * TLanes.Abs(m) * byBending);
        TLanes.Store(TLanes.Select(wanted, toM, zero), toMomentum);
    }
}
