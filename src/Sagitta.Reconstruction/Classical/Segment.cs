namespace Sagitta.Reconstruction.Classical;

/// <summary>A straight piece of track in one station.</summary>
/// <param name="Y">y at the station's middle plane, mm.</param>
/// <param name="Slope">dy/dz.</param>
/// <param name="Planes">Planes with a cluster.</param>
/// <param name="ChiSquare">Sum of squared distances of its clusters, mm^2.</param>
/// <param name="Clusters">Index of the cluster of each plane of the station, or -1.</param>
public sealed record Segment(double Y, double Slope, int Planes, double ChiSquare, int[] Clusters)
{
    /// <summary>Sine of the angle to +z.</summary>
    public double Sine => Slope / Math.Sqrt(1 + (Slope * Slope));
}
