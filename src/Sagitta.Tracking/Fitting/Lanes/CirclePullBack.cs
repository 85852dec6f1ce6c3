using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.Fitting.Lanes;

/// <summary>
/// The implicit gradient of a group of events: v = H^-1 g with the exact Hessian, then -(d2S / dtheta du)^T v for every input u; equations
/// in docs/method.md.
/// </summary>
internal static class CirclePullBack<TLanes>
    where TLanes : unmanaged, ILanes<TLanes, double>
{
    /// <summary>Lanes whose upstream is zero, failed events among them, receive zeros.</summary>
    /// <param name="planes">Number of planes.</param>
    /// <param name="z">z of each plane, mm.</param>
    /// <param name="factor">Curvature per q/pT.</param>
    /// <param name="vertexWeight">Weight of the measurement of y at z = 0.</param>
    /// <param name="y">Centroids in lanes, mm.</param>
    /// <param name="sigma">Their errors in lanes, mm.</param>
    /// <param name="presence">Presences in lanes.</param>
    /// <param name="track">The three parameters in lanes.</param>
    /// <param name="upstream">Gradients on them in lanes.</param>
    /// <param name="toCentroid">Gradients on centroids in lanes; also those on the planes' y when summed over events.</param>
    /// <param name="toSigma">Gradients on errors in lanes.</param>
    /// <param name="toPresence">Gradients on presences in lanes.</param>
    /// <param name="toZ">Gradients on the planes' z in lanes, to be summed over events.</param>
    /// <param name="work">Scratch of 6 x planes x lanes.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static unsafe void Run(int planes, double* z, double factor, double vertexWeight, double* y, double* sigma, double* presence,
        double* track, double* upstream, double* toCentroid, double* toSigma, double* toPresence, double* toZ, double* work)
    {
        int lanes = TLanes.Count;
        TLanes zero = TLanes.Broadcast(0);
        TLanes one = TLanes.Broadcast(1);
        TLanes two = TLanes.Broadcast(2);
        TLanes f = TLanes.Broadcast(factor);
        TLanes y0 = TLanes.Load(track);
        TLanes s = TLanes.Load(track + lanes);
        TLanes k = TLanes.Load(track + (2 * lanes)) * f;
        TLanes c2 = CircleLanes<TLanes>.CosineSquared(s);
        TLanes c = TLanes.Sqrt(c2);
        TLanes inverseC = one / c;
        TLanes inverseC3 = inverseC * inverseC * inverseC;
        int stride = planes * lanes;
        double* j1Kept = work;
        double* j2Kept = work + stride;
        double* residualKept = work + (2 * stride);
        double* precisionKept = work + (3 * stride);
        double* tangentKept = work + (4 * stride);
        double* cubeKept = work + (5 * stride);
        Symmetric3<TLanes> h = default;
        h.A00 = TLanes.Broadcast(vertexWeight);
        for (int i = 0; i < planes; i++)
        {
            int o = i * lanes;
            TLanes at = TLanes.Broadcast(z[i]);
            TLanes t = CircleLanes<TLanes>.SineAt(at, s, k);
            TLanes e2 = CircleLanes<TLanes>.CosineSquared(t);
            TLanes e = TLanes.Sqrt(e2);
            TLanes ce = c * e;
            TLanes st = s * t;
            TLanes d = one + ce - st;
            TLanes cosines = c + e;
            TLanes sines = s + t;
            TLanes error = TLanes.Load(sigma + o);

            // One division: 1 / (sigma e D (c + e)) and products of it.
            TLanes ed = e * d;
            TLanes edc = ed * cosines;
            TLanes inverse = one / (error * edc);
            TLanes inverseSigma = inverse * edc;
            TLanes rest = inverse * error;
            TLanes overCosines = rest * ed;
            TLanes overEd = rest * cosines;
            TLanes overD = overEd * e;
            TLanes overE = overEd * d;
            TLanes overE2 = overE * overE;
            TLanes overE3 = overE2 * overE;
            TLanes r = CircleLanes<TLanes>.Height(at, y0, s, t, overCosines) - TLanes.Load(y + o);
            TLanes zOver = at * overEd;
            TLanes j1 = zOver * cosines * inverseC;
            TLanes j2 = at * zOver;
            TLanes tOverE2 = t * overE2;
            TLanes ss = at * sines * (c2 + ce + e2) * overCosines * inverseC3 * overE3;
            TLanes sk = j2 * TLanes.FusedMultiplyAdd((s * e * inverseC) + (t * c * overE) + sines, overD, tOverE2);
            TLanes kk = j2 * at * TLanes.FusedMultiplyAdd((c * t * overE) + s, overD, tOverE2);
            TLanes precision = inverseSigma * inverseSigma;
            TLanes w = TLanes.Load(presence + o) * precision;
            TLanes wr = w * r;
            TLanes w1 = w * j1;
            TLanes w2 = w * j2;
            h.A00 += w;
            h.A10 += w1;
            h.A20 += w2;
            h.A11 += TLanes.FusedMultiplyAdd(w1, j1, wr * ss);
            h.A21 += TLanes.FusedMultiplyAdd(w1, j2, wr * sk);
            h.A22 += TLanes.FusedMultiplyAdd(w2, j2, wr * kk);
            TLanes.Store(j1, j1Kept + o);
            TLanes.Store(j2, j2Kept + o);
            TLanes.Store(r, residualKept + o);
            TLanes.Store(inverseSigma, precisionKept + o);
            TLanes.Store(t * overE, tangentKept + o);
            TLanes.Store(overE3, cubeKept + o);
        }

        // h is half of the Hessian about curvature; g on q/pT is f times that on curvature.
        TLanes g0 = TLanes.Load(upstream);
        TLanes g1 = TLanes.Load(upstream + lanes);
        TLanes g2 = TLanes.Load(upstream + (2 * lanes)) / f;
        TLanes wanted = TLanes.LessThan(zero, TLanes.Abs(g0) + TLanes.Abs(g1) + TLanes.Abs(g2));
        h.Solve(g0, g1, g2, TLanes.Broadcast(1e-14), out TLanes v0, out TLanes v1, out TLanes v2, out TLanes regular);
        wanted = TLanes.And(wanted, regular);
        for (int i = 0; i < planes; i++)
        {
            int o = i * lanes;
            TLanes j1 = TLanes.Load(j1Kept + o);
            TLanes j2 = TLanes.Load(j2Kept + o);
            TLanes r = TLanes.Load(residualKept + o);
            TLanes inverseSigma = TLanes.Load(precisionKept + o);
            TLanes p = TLanes.Load(presence + o);
            TLanes precision = inverseSigma * inverseSigma;

            // v is that of half of H, so the factors 2 of S are in it.
            TLanes along = TLanes.FusedMultiplyAdd(j1, v1, TLanes.FusedMultiplyAdd(j2, v2, v0));
            TLanes byResidual = p * precision * along;
            TLanes byPresence = zero - (precision * r * along);
            TLanes alongByZ = TLanes.Load(cubeKept + o) * TLanes.FusedMultiplyAdd(TLanes.Broadcast(z[i]), v2, v1);
            TLanes byZ = zero - TLanes.FusedMultiplyAdd(byResidual, TLanes.Load(tangentKept + o), p * precision * r * alongByZ);
            TLanes.Store(TLanes.Select(wanted, byResidual, zero), toCentroid + o);
            TLanes.Store(TLanes.Select(wanted, byPresence, zero), toPresence + o);
            TLanes.Store(TLanes.Select(wanted, zero - (two * p * inverseSigma * byPresence), zero), toSigma + o);
            TLanes.Store(TLanes.Select(wanted, byZ, zero), toZ + o);
        }
    }
}
