namespace Sagitta.Physics.Detectors;

/// <summary>A piece of material on the way from z = 0 through the detector.</summary>
/// <param name="Start">z of its front, mm.</param>
/// <param name="Thickness">Thickness along z, mm.</param>
/// <param name="Material">What it is made of.</param>
/// <param name="GapOfPlane">Plane whose gas gap it is, or -1.</param>
/// <param name="PartOfPlane">Plane that it is a part of, gap or support, or -1 for what fills the space between.</param>
internal readonly record struct TraversedSlab(double Start, double Thickness, Material Material, int GapOfPlane, int PartOfPlane = -1)
{
    /// <summary>z of its back, mm.</summary>
    public double End => Start + Thickness;
}
