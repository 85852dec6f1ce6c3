using Sagitta.Physics.Detectors;

namespace Sagitta.Physics.Simulation;

/// <summary>
/// The material between the centres of two consecutive gaps (or z = 0 and the first), as the transport needs it.
/// </summary>
/// <remarks>
/// Fermi-Eyges moments (Eyges, Phys. Rev. 74 (1948) 1534) of x/X0 about the step's end, with l the distance to it: the angle's
/// variance is moment 0, the displacement's moment 2 and their covariance moment 1, each times Highland's square.
/// </remarks>
internal sealed record TransportStep
{
    /// <summary>z of the step's begin, mm.</summary>
    public required double Begin { get; init; }

    /// <summary>z of the step's end, mm.</summary>
    public required double End { get; init; }

    /// <summary>Pieces of material.</summary>
    public required IReadOnlyList<TraversedSlab> Slabs { get; init; }

    /// <summary>Radiation lengths.</summary>
    public required double Moment0 { get; init; }

    /// <summary>Radiation lengths times distance, mm.</summary>
    public required double Moment1 { get; init; }

    /// <summary>Radiation lengths times squared distance, mm2.</summary>
    public required double Moment2 { get; init; }

    /// <summary>The steps through a detector, one per plane.</summary>
    public static IReadOnlyList<TransportStep> Through(Detector detector)
    {
        IReadOnlyList<TraversedSlab> all = detector.TraversedMaterial();
        var steps = new List<TransportStep>();
        double begin = 0;
        foreach (Plane plane in detector.Planes)
        {
            double end = plane.Z;
            var slabs = new List<TraversedSlab>();
            double moment0 = 0;
            double moment1 = 0;
            double moment2 = 0;
            foreach (TraversedSlab slab in all)
            {
                double from = Math.Max(slab.Start, begin);
                double to = Math.Min(slab.End, end);
                if (to <= from)
                {
                    continue;
                }

                slabs.Add(new(from, to - from, slab.Material, slab.GapOfPlane));
                double far = end - from;
                double near = end - to;
                moment0 += (far - near) / slab.Material.RadiationLength;
                moment1 += ((far * far) - (near * near)) / (2 * slab.Material.RadiationLength);
                moment2 += ((far * far * far) - (near * near * near)) / (3 * slab.Material.RadiationLength);
            }

            steps.Add(new() { Begin = begin, End = end, Slabs = slabs, Moment0 = moment0, Moment1 = moment1, Moment2 = moment2 });
            begin = end;
        }

        return steps;
    }
}
