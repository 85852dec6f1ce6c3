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
    public static unsafe void Evaluate(int planes, double* z, double* y, double* weights, in CircleLanes<TLanes> circle,
        out NormalEquations<TLanes> sums)
    {
        TLanes zero = TLanes.Broadcast(0);
        TLanes one = TLanes.Broadcast(1);
        TLanes y0 = circle.Y0;
        TLanes s = circle.Slope;
        TLanes k = circle.Curvature;
        TLanes c = TLanes.Sqrt(CircleLanes<TLanes>.CosineSquared(s));
        TLanes inverseC = one / c;
        TLanes value = zero, g0 = zero, g1 = zero, g2 = zero;
        TLanes a00 = zero, a10 = zero, a11 = zero, a20 = zero, a21 = zero, a22 = zero;
        for (int i = 0; i < planes; i++)
        {
            TLanes at = TLanes.Broadcast(z[i]);
            TLanes w = TLanes.Load(weights + (i * TLanes.Count));
            TLanes t = CircleLanes<TLanes>.SineAt(at, s, k);
            TLanes e = TLanes.Sqrt(CircleLanes<TLanes>.CosineSquared(t));
            TLanes d = CircleLanes<TLanes>.Denominator(s, t, c, e);
            TLanes cosines = c + e;
            TLanes ed = e * d;

            // One division serves 1 / (c + e) and 1 / (e D).
            TLanes inverse = one / (ed * cosines);
            TLanes overCosines = ed * inverse;
            TLanes overEd = cosines * inverse;
            TLanes r = CircleLanes<TLanes>.Height(at, y0, s, t, overCosines) - TLanes.Load(y + (i * TLanes.Count));
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
        TLanes c = TLanes.Sqrt(CircleLanes<TLanes>.CosineSquared(s));
        for (int i = 0; i < planes; i++)
        {
            TLanes at = TLanes.Broadcast(z[i]);
            TLanes t = CircleLanes<TLanes>.SineAt(at, s, circle.Curvature);
            TLanes e = TLanes.Sqrt(CircleLanes<TLanes>.CosineSquared(t));
            TLanes r = CircleLanes<TLanes>.Height(at, circle.Y0, s, t, one / (c + e)) - TLanes.Load(y + (i * TLanes.Count));
            Curve(at, s, c, t, e, TLanes.Load(weights + (i * TLanes.Count)) * r);
        }
    }

    /// <summary>The same with residuals that are already multiplied by the weights, correlated or not.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public unsafe void AddCurvature(int planes, double* z, double* weightedResiduals, in CircleLanes<TLanes> circle)
    {
        TLanes s = circle.Slope;
        TLanes c = TLanes.Sqrt(CircleLanes<TLanes>.CosineSquared(s));
        for (int i = 0; i < planes; i++)
        {
            TLanes at = TLanes.Broadcast(z[i]);
            TLanes t = CircleLanes<TLanes>.SineAt(at, s, circle.Curvature);
            Curve(at, s, c, t, TLanes.Sqrt(CircleLanes<TLanes>.CosineSquared(t)), TLanes.Load(weightedResiduals + (i * TLanes.Count)));
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
        CircleLanes<TLanes>.SecondDerivatives(at, s, c, t, e, out TLanes slope, out TLanes mixed, out TLanes curvature);
        Matrix.A11 += weighted * slope;
        Matrix.A21 += weighted * mixed;
        Matrix.A22 += weighted * curvature;
    }
}

/// <summary>A symmetric 3 x 3 matrix and its L D L^T solve, one a lane.</summary>
internal struct Symmetric3<TLanes>
    where TLanes : unmanaged, ILanes<TLanes, double>
{
    public TLanes A00;
    public TLanes A10;
    public TLanes A11;
    public TLanes A20;
    public TLanes A21;
    public TLanes A22;

    /// <summary>The matrix with every diagonal element raised by <paramref name="damping"/> times its magnitude.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Symmetric3<TLanes> Damped(TLanes damping)
    {
        Symmetric3<TLanes> damped = this;
        damped.A00 = TLanes.FusedMultiplyAdd(damping, TLanes.Abs(A00), A00);
        damped.A11 = TLanes.FusedMultiplyAdd(damping, TLanes.Abs(A11), A11);
        damped.A22 = TLanes.FusedMultiplyAdd(damping, TLanes.Abs(A22), A22);
        return damped;
    }

    /// <summary>
    /// Solves for one right side. <paramref name="regular"/> is the mask of lanes whose pivots exceed <paramref name="relativePivot"/>
    /// times their diagonal elements; the others' solutions mean nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Solve(TLanes b0, TLanes b1, TLanes b2, TLanes relativePivot, out TLanes x0, out TLanes x1, out TLanes x2,
        out TLanes regular)
    {
        TLanes zero = TLanes.Broadcast(0);
        TLanes one = TLanes.Broadcast(1);
        TLanes i0 = one / A00;
        TLanes l1 = A10 * i0;
        TLanes l2 = A20 * i0;
        TLanes d1 = A11 - (l1 * A10);
        TLanes c21 = A21 - (l2 * A10);
        TLanes i1 = one / d1;
        TLanes m2 = c21 * i1;
        TLanes d2 = A22 - (l2 * A20) - (m2 * c21);
        regular = TLanes.And(TLanes.And(TLanes.LessThan(zero, A00), TLanes.LessThan(relativePivot * A11, d1)),
            TLanes.LessThan(relativePivot * A22, d2));
        TLanes y1 = b1 - (l1 * b0);
        TLanes y2 = b2 - (l2 * b0) - (m2 * y1);
        x2 = y2 / d2;
        x1 = (y1 * i1) - (m2 * x2);
        x0 = (b0 * i0) - (l1 * x1) - (l2 * x2);
    }

    /// <summary>Takes the lanes of <paramref name="other"/> where the mask is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(TLanes mask, in Symmetric3<TLanes> other)
    {
        A00 = TLanes.Select(mask, other.A00, A00);
        A10 = TLanes.Select(mask, other.A10, A10);
        A11 = TLanes.Select(mask, other.A11, A11);
        A20 = TLanes.Select(mask, other.A20, A20);
        A21 = TLanes.Select(mask, other.A21, A21);
        A22 = TLanes.Select(mask, other.A22, A22);
    }
}
