namespace Sagitta.Tracking.Fitting;

/// <summary>Places of the tensors that a circle fit depends on.</summary>
internal static class CircleFitInput
{
    /// <summary>Events x planes: measured y, mm.</summary>
    public const int Centroid = 0;

    /// <summary>Events x planes: its standard deviation, mm.</summary>
    public const int Sigma = 1;

    /// <summary>Events x planes: how much the plane counts, 0 (not at all) to 1.</summary>
    public const int Presence = 2;

    /// <summary>1 x planes: shift of the planes along z, mm.</summary>
    public const int PlaneZ = 3;

    /// <summary>1 x planes: shift of the planes along y, mm; a hit's y is its centroid plus this.</summary>
    public const int PlaneY = 4;

    /// <summary>How many there are.</summary>
    public const int Count = 5;
}
