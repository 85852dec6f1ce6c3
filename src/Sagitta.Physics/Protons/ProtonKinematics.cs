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

    public static double VelocitySquared(double energy)
    {
        double total = energy + Mass;
        return energy * (energy + (2 * Mass)) / (total * total);
    }
}

/// <summary>A unit vector.</summary>
/// <param name="X">x.</param>
/// <param name="Y">y.</param>
/// <param name="Z">z, along the beam.</param>
internal readonly record struct Direction(double X, double Y, double Z)
{
    /// <summary>The direction at these slopes to the beam.</summary>
    public static Direction OfSlopes(double x, double y)
    {
        double z = 1 / Math.Sqrt(1 + (x * x) + (y * y));
        return new(x * z, y * z, z);
    }

    /// <summary>Two unit vectors across this one and each other, the first in the (x, z) plane.</summary>
    public (Direction First, Direction Second) Perpendiculars()
    {
        double length = Math.Sqrt((X * X) + (Z * Z));
        if (length < 1e-9)
        {
            return (new(1, 0, 0), new(0, 0, 1));
        }

        // The second is this vector times the first.
        Direction first = new(Z / length, 0, -X / length);
        return (first, new(Y * first.Z, (Z * first.X) - (X * first.Z), -Y * first.X));
    }

    /// <summary>The direction at a polar angle to this one, and an azimuth about it.</summary>
    public Direction Turned(double cosine, double azimuth)
    {
        double sine = Math.Sqrt(Math.Max(1 - (cosine * cosine), 0));
        return Plus(sine * Math.Cos(azimuth), sine * Math.Sin(azimuth), cosine);
    }

    /// <summary>The direction of this vector times <paramref name="along"/> plus components along <see cref="Perpendiculars"/>.</summary>
    public Direction Plus(double first, double second, double along = 1)
    {
        (Direction a, Direction b) = Perpendiculars();
        double x = (along * X) + (first * a.X) + (second * b.X);
        double y = (along * Y) + (first * a.Y) + (second * b.Y);
        double z = (along * Z) + (first * a.Z) + (second * b.Z);
        double length = Math.Sqrt((x * x) + (y * y) + (z * z));
        return new(x / length, y / length, z / length);
    }
}

/// <summary>Momentum of a nucleon, MeV.</summary>
internal readonly record struct Momentum(double X, double Y, double Z)
{
    public double Square => (X * X) + (Y * Y) + (Z * Z);
    public double Energy => Math.Sqrt(Square + (ProtonKinematics.Mass * ProtonKinematics.Mass));
    public double KineticEnergy => Square / (Energy + ProtonKinematics.Mass);

    public Direction Direction
    {
        get
        {
            double size = Math.Sqrt(Square);
            return size > 0 ? new(X / size, Y / size, Z / size) : new(0, 0, 1);
        }
    }

    public static Momentum operator +(Momentum a, Momentum b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Momentum operator -(Momentum a) => new(-a.X, -a.Y, -a.Z);

    /// <summary>Seen from where a system of this total momentum, energy and mass moves; <paramref name="energy"/> is the nucleon's in that
    /// system.</summary>
    public Momentum Boosted(Momentum total, double totalEnergy, double mass, double energy)
    {
        double along = ((X * total.X) + (Y * total.Y) + (Z * total.Z)) / (totalEnergy + mass);
        double factor = (along + energy) / mass;
        return new(X + (factor * total.X), Y + (factor * total.Y), Z + (factor * total.Z));
    }
}
