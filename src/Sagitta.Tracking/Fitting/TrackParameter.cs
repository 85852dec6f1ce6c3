namespace Sagitta.Tracking.Fitting;

/// <summary>Places of the parameters in a fitted track.</summary>
internal static class TrackParameter
{
    /// <summary>y at z = 0, mm.</summary>
    public const int Y0 = 0;

    /// <summary>Sine of the angle to +z in the (y, z) plane at z = 0.</summary>
    public const int Slope = 1;

    /// <summary>Charge over momentum in the (y, z) plane, 1/GeV.</summary>
    public const int QOverPt = 2;

    /// <summary>How many there are.</summary>
    public const int Count = 3;
}
