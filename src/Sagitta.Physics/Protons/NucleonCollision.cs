namespace Sagitta.Physics.Protons;

/// <summary>Elastic collision of two nucleons of equal mass, isotropic in their centre of mass; momenta in MeV.</summary>
internal static class NucleonCollision
{
    /// <summary>Momenta after the collision of a nucleon along <paramref name="direction"/> with one of a momentum of its own.</summary>
    public static (Momentum First, Momentum Second) Collide(double momentum, Direction direction, Momentum target, DrawBuffer draws)
    {
        Momentum projectile = new(momentum * direction.X, momentum * direction.Y, momentum * direction.Z);
        double energy = projectile.Energy + target.Energy;
        Momentum sum = projectile + target;
        double square = (energy * energy) - sum.Square;
        double centre = Math.Sqrt(Math.Max((square / 4) - (ProtonKinematics.Mass * ProtonKinematics.Mass), 0));
        Momentum scattered = Isotropic(centre, draws);
        double half = Math.Sqrt(square) / 2;
        return (scattered.Boosted(sum, energy, Math.Sqrt(square), half), (-scattered).Boosted(sum, energy, Math.Sqrt(square), half));
    }

    /// <summary>A momentum of this size in any direction.</summary>
    public static Momentum Isotropic(double size, DrawBuffer draws)
    {
        double cosine = (2 * draws.NextUniform()) - 1;
        double azimuth = 2 * Math.PI * draws.NextUniform();
        double across = size * Math.Sqrt(1 - (cosine * cosine));
        return new(across * Math.Cos(azimuth), across * Math.Sin(azimuth), size * cosine);
    }
}
