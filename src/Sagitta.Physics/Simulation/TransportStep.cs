namespace Sagitta.Physics.Simulation;

/// <summary>
/// The material between the centres of two consecutive gaps (or z = 0 and the first), as the transport needs it.
/// </summary>
/// <remarks>
/// Fermi-Eyges moments (Eyges, Phys. Rev. 74 (1948) 1534) of radiation lengths about the step's end, l being the distance to it:
/// the core's angle has variance A0, its displacement A2, their covariance A1, each times the core's square per radiation length. The core
/// is that of <see cref="CoulombScattering"/>; all is per sqrt(slant)/(p beta).
/// </remarks>
internal sealed record TransportStep
{
    /// <summary>z of the step's begin, mm.</summary>
    public required double Begin { get; init; }

    /// <summary>z of the step's end, mm.</summary>
    public required double End { get; init; }

    /// <summary>Pieces of material.</summary>
    public required TraversedSlab[] Slabs { get; init; }

    /// <summary>xi of all pieces at beta = 1, GeV.</summary>
    public required double LossStrength { get; init; }

    /// <summary>
    /// Mean, over where energy is lost, of the fraction of the step that is left: how much of the step's loss the turn feels.
    /// </summary>
    public required double LossOnAngle { get; init; }

    /// <summary>Mean of that fraction squared: how much of the loss the displacement by the field feels.</summary>
    public required double LossOnDisplacement { get; init; }

    /// <summary>Standard deviation of the core's displacement, mm GeV.</summary>
    public required double CoreDisplacement { get; init; }

    /// <summary>Mean angle per displacement, rad/mm.</summary>
    public required double CoreCorrelation { get; init; }

    /// <summary>Standard deviation of the angle at given displacement, rad GeV.</summary>
    public required double CoreAngle { get; init; }

    /// <summary>Momentum transfer times beta above which scatters are single, GeV.</summary>
    public required double HardCut { get; init; }

    /// <summary>Distance in mm from the step's end to a place drawn along the step by radiation lengths.</summary>
    public double DistanceAtQuantile(double uniform)
    {
        double target = uniform * RadiationLengths;
        foreach (TraversedSlab slab in Slabs)
        {
            double part = slab.Thickness / slab.Material.RadiationLength;
            if (target < part)
            {
                return End - slab.Start - (target * slab.Material.RadiationLength);
            }

            target -= part;
        }

        return 0;
    }

    /// <summary>Radiation lengths of all pieces.</summary>
    public required double RadiationLengths { get; init; }

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

            double strength = 0;
            double lever1 = 0;
            double lever2 = 0;
            foreach (TraversedSlab slab in slabs)
            {
                double far = (end - slab.Start) / (end - begin);
                double near = (end - slab.End) / (end - begin);
                double part = BetheLoss.Strength(slab.Material, 1) * slab.Thickness;
                strength += part;
                lever1 += part * (far + near) / 2;
                lever2 += part * ((far * far) + (far * near) + (near * near)) / 3;
            }

            double core = moment0 > 0 ? CoulombScattering.CoreTimesMomentum(moment0) / Math.Sqrt(moment0) : 0;
            double correlation = moment2 > 0 ? moment1 / moment2 : 0;
            steps.Add(new()
            {
                Begin = begin,
                End = end,
                Slabs = [.. slabs],
                LossStrength = strength,
                LossOnAngle = strength > 0 ? lever1 / strength : 0,
                LossOnDisplacement = strength > 0 ? lever2 / strength : 0,
                RadiationLengths = moment0,
                CoreDisplacement = core * Math.Sqrt(moment2),
                CoreCorrelation = correlation,
                CoreAngle = core * Math.Sqrt(Math.Max(moment0 - (correlation * moment1), 0)),
                HardCut = CoulombScattering.CutTimesMomentum(moment0),
            });
            begin = end;
        }

        return steps;
    }
}
