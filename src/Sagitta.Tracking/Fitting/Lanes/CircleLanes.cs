using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.Fitting.Lanes;

/// <summary>Circles of as many events as there are lanes: y at z = 0 (mm), sine of the angle there, curvature (1/mm).</summary>
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
}
