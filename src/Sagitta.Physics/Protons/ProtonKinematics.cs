namespace Sagitta.Physics.Protons;

/// <summary>Momentum and velocity of a proton of a kinetic energy; MeV.</summary>
internal static class ProtonKinematics
{
    /// <summary>Mass of the proton, MeV.</summary>
    public const double Mass = 1000 * PhysicalConstants.ProtonMass;

    /// <summary>Momentum, MeV.</summary>
    public static double Momentum(double energy) => Math.Sqrt(energy * (energy + (2 * Mass)));

    /// <summary>Momentum times velocity, MeV: what scattering angles fall with.</summary>
    public static double MomentumTimesVelocity(double energy) => energy * (energy + (2 * Mass)) / (energy + Mass);

    /// <summary>Velocity squared.</summary>
    public static double VelocitySquared(double energy)
    {
        double total = energy + Mass;
        return energy * (energy + (2 * Mass)) / (total * total);
    }
}
