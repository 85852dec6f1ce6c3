namespace Sagitta.Tests.Physics.Protons;

public sealed class NucleonCascadeTests
{
    private readonly DrawBuffer _draws = new();

    [Fact]
    public void Collisions_conserve_energy_and_momentum()
    {
        _draws.Restart(RandomKey.FromSeed(3));
        for (int i = 0; i < 1000; i++)
        {
            Momentum target = NucleonCollision.Isotropic(230 * _draws.NextUniform(), _draws);
            Momentum projectile = NucleonCollision.Isotropic(ProtonKinematics.Momentum(5 + (300 * _draws.NextUniform())), _draws);
            (Momentum a, Momentum b) = NucleonCollision.Collide(Math.Sqrt(projectile.Square), projectile.Direction, target, _draws);
            Assert.Equal(projectile.Energy + target.Energy, a.Energy + b.Energy, 1e-7);
            Assert.Equal(projectile.X + target.X, a.X + b.X, 1e-7);
            Assert.Equal(projectile.Y + target.Y, a.Y + b.Y, 1e-7);
            Assert.Equal(projectile.Z + target.Z, a.Z + b.Z, 1e-7);
        }
    }

    [Fact]
    public void Protons_that_leave_carry_less_than_came()
    {
        Assert.True(Element.TryFind("Al", out Element? aluminium));
        NucleonCascade cascade = new();
        _draws.Restart(RandomKey.FromSeed(4));
        double fast = 0;
        double forward = 0;
        const int Reactions = 2000;
        for (int i = 0; i < Reactions; i++)
        {
            double energy = 0;
            foreach (Momentum proton in cascade.React(180, new(0, 0, 1), aluminium, _draws))
            {
                Assert.InRange(proton.KineticEnergy, 0, 180);
                energy += proton.KineticEnergy > 20 ? proton.KineticEnergy : 0;
                fast += proton.KineticEnergy > 20 ? 1 : 0;
                forward += proton.KineticEnergy > 20 && proton.Z > 0 ? 1 : 0;
            }

            Assert.True(energy <= 180, $"reaction {i}: {energy} MeV");
        }

        // A proton reaction at this energy sets about one fast proton free, most of them forward.
        Assert.InRange(fast / Reactions, 0.5, 1.6);
        Assert.InRange(forward / fast, 0.75, 1);
    }

    [Fact]
    public void Directions_turn_by_the_angle_asked_for()
    {
        foreach (Direction start in new[] { new(0, 0, 1), Direction.OfSlopes(0.3, -0.7), new(0, 1, 0), new(1, 0, 0) })
        {
            Direction turned = start.Turned(0.8, 1.1);
            Assert.Equal(0.8, (start.X * turned.X) + (start.Y * turned.Y) + (start.Z * turned.Z), 1e-12);
            Assert.Equal(1, (turned.X * turned.X) + (turned.Y * turned.Y) + (turned.Z * turned.Z), 1e-12);
        }
    }
}
