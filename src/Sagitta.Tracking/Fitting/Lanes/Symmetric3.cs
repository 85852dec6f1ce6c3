using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.Fitting.Lanes;

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
        regular = TLanes.And(
            TLanes.And(TLanes.LessThan(zero, A00), TLanes.LessThan(relativePivot * A11, d1)),
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
