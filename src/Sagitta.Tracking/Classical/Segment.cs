namespace Sagitta.Tracking.Classical;

/// <summary>A straight piece of track in one station. Belongs to its finder, which uses it again for the next event.</summary>
internal sealed class Segment
{
    internal Segment(int planes) => Clusters = new int[planes];

    /// <summary>y at the station's middle plane, mm.</summary>
    public double Y { get; internal set; }

    /// <summary>dy/dz.</summary>
    public double Slope { get; internal set; }

    /// <summary>Planes with a cluster.</summary>
    public int Planes { get; internal set; }

    /// <summary>Sum of squared distances of its clusters, mm^2.</summary>
    public double ChiSquare { get; internal set; }

    /// <summary>Index of the cluster of each plane of the station, or -1.</summary>
    public int[] Clusters { get; }

    /// <summary>Sine of the angle to +z.</summary>
    public double Sine => Slope / Math.Sqrt(1 + (Slope * Slope));
}
