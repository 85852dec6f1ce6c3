using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.Fitting.Lanes;

/// <summary>
/// Circles of as many events as there are lanes: y at z = 0 (mm), sine of the angle there, curvature (1/mm). Its functions are the formulas
/// of <see cref="CirclePoint"/> in vectors, with the same letters: s and t are the sines at 0 and at z, c and e the cosines.
/// </summary>
internal struct CircleLanes<TLanes>
    where TLanes : unmanaged, ILanes<TLanes, double>
{
    public TLanes Y0;
    public TLanes Slope;
    public TLanes Curvature;

    /// <summary>Takes the lanes of <paramref name="other"/> where the mask is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(TLanes mask, in CircleLanes<TLanes> other)
    {
        Y0 = TLanes.Select(mask, other.Y0, Y0);
        Slope = TLanes.Select(mask, other.Slope, Slope);
        Curvature = TLanes.Select(mask, other.Curvature, Curvature);
    }

    /// <summary>1 - s^2: the square of the cosine; its root is NaN where a circle does not reach that far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes CosineSquared(TLanes sine) => TLanes.Broadcast(1) - (sine * sine);

    /// <summary>t = s + kappa z: the sine at z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes SineAt(TLanes z, TLanes s, TLanes curvature) => TLanes.FusedMultiplyAdd(curvature, z, s);

    /// <summary>y at z, given 1 / (c + e).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Height(TLanes z, TLanes y0, TLanes s, TLanes t, TLanes overCosines) =>
        TLanes.FusedMultiplyAdd(z * (s + t), overCosines, y0);

    /// <summary>D = 1 + c e - s t.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Denominator(TLanes s, TLanes t, TLanes c, TLanes e) =>
        TLanes.FusedMultiplyAdd(c, e, TLanes.Broadcast(1)) - (s * t);

    /// <summary>y0 of the circle that has a given y at a given z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Origin(TLanes s, TLanes curvature, TLanes z, TLanes y)
    {
        TLanes t = SineAt(z, s, curvature);
        return y - (z * (s + t) / (TLanes.Sqrt(CosineSquared(s)) + TLanes.Sqrt(CosineSquared(t))));
    }

    /// <summary>The second derivatives of y by s0 and curvature.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SecondDerivatives(TLanes z, TLanes s, TLanes c, TLanes t, TLanes e, out TLanes bySlopeSlope,
        out TLanes bySlopeCurvature, out TLanes byCurvatureCurvature)
    {
        TLanes c2 = CosineSquared(s);
        TLanes e2 = CosineSquared(t);
        TLanes ce = c * e;
        TLanes d = TLanes.Broadcast(1) + ce - (s * t);
        TLanes sines = s + t;
        TLanes byCurvature = z * z / (e * d);
        bySlopeSlope = z * sines * (c2 + ce + e2) / ((c + e) * c2 * c * e2 * e);
        bySlopeCurvature = byCurvature * ((t / e2) + (((s * e / c) + (t * c / e) + sines) / d));
        byCurvatureCurvature = byCurvature * z * ((t / e2) + (((c * t / e) + s) / d));
    }
}
