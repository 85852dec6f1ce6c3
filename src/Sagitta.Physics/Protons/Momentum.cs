namespace Sagitta.Physics.Protons;

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
