namespace Sagitta.Physics.Protons;

/// <summary>Protons out of an inelastic reaction: a small cascade of collisions between nucleons in a nucleus taken as a Fermi gas (Serber,
/// Phys. Rev. 72 (1947) 1114), then evaporation.</summary>
/// <remarks>The incoming proton gains the depth of the well and meets a nucleon of the Fermi sphere; they scatter isotropically in their
/// centre of mass, and a collision into occupied states does not happen. Each of the two meets another with a fixed probability, or leaves
/// if its energy exceeds the well. What leaves below the Coulomb barrier stays. Neutrons, and fragments heavier than protons, are not made:
/// of the reference sample's hits by secondary hadrons 99 % are protons'. The probability of another collision and the number of evaporated
/// protons are <em>tuned</em> on its training files. Holds reused memory: one a thread.</remarks>
internal sealed class NucleonCascade
{
    private const double FermiMomentum = 230;
    private const double Binding = 8;
    private const double CoulombBarrier = 3;
    private const double AnotherCollision = 0.45;
    private const int MostCollisions = 12;
    private const int MostTrials = 20;
    private const double Evaporated = 0.6;
    private const double Temperature = 2;
    private static readonly double _fermiEnergy = new Momentum(FermiMomentum, 0, 0).KineticEnergy;
    private readonly List<Momentum> _protons = [];
    private readonly Stack<(Momentum Momentum, bool Proton)> _inside = new();

    /// <summary>The protons that leave, valid until the next call; energies in MeV.</summary>
    public IReadOnlyList<Momentum> React(double energy, Direction direction, Element element, DrawBuffer draws)
    {
        _protons.Clear();
        _inside.Clear();
        double protons = element.Protons / element.MassNumber;
        double well = _fermiEnergy + Binding;
        int collisions = 0;
        _inside.Push((Along(direction, energy + well), true));
        while (_inside.TryPop(out (Momentum Momentum, bool Proton) nucleon))
        {
            bool first = collisions == 0;
            if ((first || (draws.NextUniform() < AnotherCollision && collisions < MostCollisions))
                && Collide(nucleon.Momentum, draws) is var (a, b))
            {
                collisions++;
                _inside.Push((a, nucleon.Proton));
                _inside.Push((b, draws.NextUniform() < protons));
            }
            else if (!first && nucleon.Proton && nucleon.Momentum.KineticEnergy - well > CoulombBarrier)
            {
                _protons.Add(Along(nucleon.Momentum.Direction, nucleon.Momentum.KineticEnergy - well));
            }
            else if (first)
            {
                break;
            }
        }

        for (double at = draws.NextExponential(); at < Evaporated; at += draws.NextExponential())
        {
            double kinetic = CoulombBarrier + (Temperature * (draws.NextExponential() + draws.NextExponential()));
            _protons.Add(NucleonCollision.Isotropic(ProtonKinematics.Momentum(kinetic), draws));
        }

        return _protons;
    }

    private static (Momentum First, Momentum Second)? Collide(Momentum nucleon, DrawBuffer draws)
    {
        double size = Math.Sqrt(nucleon.Square);
        for (int trial = 0; trial < MostTrials; trial++)
        {
            Momentum target = NucleonCollision.Isotropic(FermiMomentum * Math.Cbrt(draws.NextUniform()), draws);
            (Momentum a, Momentum b) = NucleonCollision.Collide(size, nucleon.Direction, target, draws);
            if (a.KineticEnergy > _fermiEnergy && b.KineticEnergy > _fermiEnergy)
            {
                return (a, b);
            }
        }

        return null;
    }

    private static Momentum Along(Direction direction, double energy)
    {
        double size = ProtonKinematics.Momentum(energy);
        return new(size * direction.X, size * direction.Y, size * direction.Z);
    }
}

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
