namespace Sagitta.Tests.Physics.Interactions;

public sealed class CoulombScatteringTests
{
    [Fact]
    public void The_core_is_a_little_narrower_than_Highlands_width()
    {
        foreach (double t in new[] { 0.003, 0.01, 0.1 })
        {
            Assert.InRange(CoulombScattering.CoreTimesMomentum(t) / Highland.Angle(t, 1, 1), 0.75, 1);
        }

        Assert.Equal(0, CoulombScattering.CoreTimesMomentum(0));
    }

    [Fact]
    public void Core_of_the_displacement_at_the_last_plane_is_a_little_narrower_than_Highlands_width()
    {
        const int Events = 4000;
        Detector toy16 = DetectorFile.Load("toy16");
        DepositSet set = SimulatedDeposits.Generate(
            toy16, new() { Momentum = [new() { Low = 30, High = 30 }], Angle = 0, AngleAcross = 0 }, 3, 0, Events);
        var displacements = new List<double>();
        for (int i = 0; i < set.Count; i++)
        {
            displacements.Add(set.Crossings(i)[15] - set.Truth(i).Circle(1).At(5080));
        }

        displacements.Sort();
        double core = (displacements[(int)(0.84 * Events)] - displacements[(int)(0.16 * Events)]) / 2;

        // 0.371 mm is the sum over the slabs with one logarithm of all material; the single scatters are outside of the core.
        Assert.InRange(core / 0.371, 0.88, 1);
    }
}
