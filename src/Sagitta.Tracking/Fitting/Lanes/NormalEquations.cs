using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.Fitting.Lanes;

/// <summary>Half of S, of its gradient and of its Gauss-Newton Hessian about (y0, s0, curvature), of as many events as there are
/// lanes.</summary>
internal struct NormalEquations<TLanes>
    where TLanes : unmanaged, ILanes<TLanes, double>
{
    public TLanes Value;
    public TLanes G0;
    public TLanes G1;
    public TLanes G2;
    public Symmetric3<TLanes> Matrix;

    /// <summary>
    /// Sums over planes at <paramref name="z"/> (one number a plane) with centroids and weights in lanes, plane after plane. Lanes whose
    /// circle does not reach a plane end with NaN in <see cref="Value"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static unsafe void Evaluate(
        int planes,
        double* z,
        double* y,
        double* weights,
        in CircleLanes<TLanes> circle,
        out NormalEquations<TLanes> sums)
    {
        TLanes zero = TLanes.Broadcast(0);
        TLanes one = TLanes.Broadcast(1);
        TLanes y0 = circle.Y0;
        TLanes s = circle.Slope;
        TLanes k = circle.Curvature;
        TLanes c = TLanes.Sqrt(one - (s * s));
        TLanes inverseC = one / c;
        TLanes value = zero, g0 = zero, g1 = zero, g2 = zero;
        TLanes a00 = zero, a10 = zero, a11 = zero, a20 = zero, a21 = zero, a22 = zero;
        for (int i = 0; i < planes; i++)
        {
            TLanes at = TLanes.Broadcast(z[i]);
            TLanes w = TLanes.Load(weights + (i * TLanes.Count));
            TLanes t = TLanes.FusedMultiplyAdd(k, at, s);
            TLanes e = TLanes.Sqrt(one - (t * t));
            TLanes d = TLanes.FusedMultiplyAdd(c, e, one) - (s * t);
            TLanes cosines = c + e;
            TLanes ed = e * d;

            // One division serves 1 / (c + e) and 1 / (e D).
            TLanes inverse = one / (ed * cosines);
            TLanes overCosines = ed * inverse;
            TLanes overEd = cosines * inverse;
            TLanes r = TLanes.FusedMultiplyAdd(at * (s + t), overCosines, y0) - TLanes.Load(y + (i * TLanes.Count));
            TLanes zOver = at * overEd;
            TLanes j1 = zOver * cosines * inverseC;
            TLanes j2 = at * zOver;
            TLanes wr = w * r;
            TLanes w1 = w * j1;
            TLanes w2 = w * j2;
            value = TLanes.FusedMultiplyAdd(wr, r, value);
            g0 += wr;
            g1 = TLanes.FusedMultiplyAdd(wr, j1, g1);
            g2 = TLanes.FusedMultiplyAdd(wr, j2, g2);
            a00 += w;
            a10 += w1;
            a20 += w2;
            a11 = TLanes.FusedMultiplyAdd(w1, j1, a11);
            a21 = TLanes.FusedMultiplyAdd(w1, j2, a21);
            a22 = TLanes.FusedMultiplyAdd(w2, j2, a22);
        }

        sums.Value = value;
        sums.G0 = g0;
        sums.G1 = g1;
        sums.G2 = g2;
        sums.Matrix.A00 = a00;
        sums.Matrix.A10 = a10;
        sums.Matrix.A11 = a11;
        sums.Matrix.A20 = a20;
        sums.Matrix.A21 = a21;
        sums.Matrix.A22 = a22;
    }

    /// <summary>
    /// Adds to the matrix what makes it half of the exact Hessian, the residuals times the second derivatives. With far outliers
    /// they decide whether steps converge at all.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public unsafe void AddResidualCurvature(int planes, double* z, double* y, double* weights, in CircleLanes<TLanes> circle)
    {
        TLanes one = TLanes.Broadcast(1);
        TLanes s = circle.Slope;
        TLanes c = TLanes.Sqrt(one - (s * s));
        for (int i = 0; i < planes; i++)
        {
            TLanes at = TLanes.Broadcast(z[i]);
            TLanes t = TLanes.FusedMultiplyAdd(circle.Curvature, at, s);
            TLanes e = TLanes.Sqrt(one - (t * t));
            TLanes r = TLanes.FusedMultiplyAdd(at * (s + t), one / (c + e), circle.Y0) - TLanes.Load(y + (i * TLanes.Count));
            Curve(at, s, c, t, e, TLanes.Load(weights + (i * TLanes.Count)) * r);
        }
    }

    /// <summary>The same with residuals that are already multiplied by the weights, correlated or not.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public unsafe void AddCurvature(int planes, double* z, double* weightedResiduals, in CircleLanes<TLanes> circle)
    {
        TLanes one = TLanes.Broadcast(1);
        TLanes s = circle.Slope;
        TLanes c = TLanes.Sqrt(one - (s * s));
        for (int i = 0; i < planes; i++)
        {
            TLanes at = TLanes.Broadcast(z[i]);
            TLanes t = TLanes.FusedMultiplyAdd(circle.Curvature, at, s);
            Curve(at, s, c, t, TLanes.Sqrt(one - (t * t)), TLanes.Load(weightedResiduals + (i * TLanes.Count)));
        }
    }

    /// <summary>Adds a measurement of y at z = 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddVertex(VertexConstraint vertex, in CircleLanes<TLanes> circle)
    {
        if (vertex.Weight > 0)
        {
            TLanes weight = TLanes.Broadcast(vertex.Weight);
            TLanes distance = circle.Y0 - TLanes.Broadcast(vertex.Y);
            TLanes pull = weight * distance;
            Value = TLanes.FusedMultiplyAdd(pull, distance, Value);
            G0 += pull;
            Matrix.A00 += weight;
        }
    }

    /// <summary>sum w (y^2 + y0^2): what the rounding of residuals acts on.</summary>
    public static unsafe TLanes Magnitude(int planes, double* y, double* weights, in CircleLanes<TLanes> circle)
    {
        TLanes sum = TLanes.Broadcast(0);
        for (int i = 0; i < planes; i++)
        {
            TLanes value = TLanes.Load(y + (i * TLanes.Count));
            sum = TLanes.FusedMultiplyAdd(TLanes.Load(weights + (i * TLanes.Count)),
                TLanes.FusedMultiplyAdd(value, value, circle.Y0 * circle.Y0), sum);
        }

        return sum;
    }

    /// <summary>Takes the lanes of <paramref name="other"/> where the mask is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(TLanes mask, in NormalEquations<TLanes> other)
    {
        Value = TLanes.Select(mask, other.Value, Value);
        G0 = TLanes.Select(mask, other.G0, G0);
        G1 = TLanes.Select(mask, other.G1, G1);
        G2 = TLanes.Select(mask, other.G2, G2);
        Matrix.Take(mask, other.Matrix);
    }

    // Residual times weight times the second derivatives of one plane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Curve(TLanes at, TLanes s, TLanes c, TLanes t, TLanes e, TLanes weighted)
    {
        TLanes one = TLanes.Broadcast(1);
        TLanes c2 = one - (s * s);
        TLanes e2 = one - (t * t);
        TLanes ce = c * e;
        TLanes d = one + ce - (s * t);
        TLanes sines = s + t;
        TLanes j2 = at * at / (e * d);
        Matrix.A11 += weighted * (at * sines * (c2 + ce + e2) / ((c + e) * c2 * c * e2 * e));
        Matrix.A21 += weighted * (j2 * ((t / e2) + (((s * e / c) + (t * c / e) + sines) / d)));
        Matrix.A22 += weighted * (j2 * at * ((t / e2) + (((c * t / e) + s) / d)));
    }
}
