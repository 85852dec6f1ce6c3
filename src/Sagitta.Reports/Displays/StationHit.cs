namespace Sagitta.Reports.Displays;

/// <summary>A hit with what is known of it; NaN where a quantity is not known.</summary>
/// <param name="Plane">Index of its plane.</param>
/// <param name="Y">Centre of the strip, mm.</param>
/// <param name="Charge">In primary electrons.</param>
/// <param name="Truth">Whether it belongs to the particle.</param>
internal sealed record StationHit(int Plane, double Y, double Charge, bool Truth)
{
    /// <summary>The network's probability, 0 to 1.</summary>
    public double Score { get; init; } = double.NaN;

    /// <summary>The weight with which it enters its plane's cluster, 0 to 1.</summary>
    public double Weight { get; init; } = double.NaN;

    /// <summary>Change of q/pT if the hit's weight went to zero, in units of the fitted error, to first order.</summary>
    public double Influence { get; init; } = double.NaN;
}
