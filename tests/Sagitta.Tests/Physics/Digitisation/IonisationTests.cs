namespace Sagitta.Tests.Physics.Digitisation;

public sealed class IonisationTests
{
    private static readonly Detector _toy16 = DetectorFile.Load("toy16");
    private static readonly Plane _plane = _toy16.Planes[0] with { LorentzAngle = 0.2 };

    [Theory]
    [InlineData(0.001f, 0, 0)]
    [InlineData(0.9f, float.PositiveInfinity, 0)]
    [InlineData(1.3f, 0.1f, 0.2)]
    [InlineData(7f, float.NaN, 0.2)]
    [InlineData(90f, 0.3f, 0.2)]
    public void Vector_code_does_what_the_scalar_code_does_bit_by_bit(float energy, float crossing, double longitudinal)
    {
        DriftGap gap = new(_plane, _toy16.GasOf(_plane) with { LongitudinalDiffusion = longitudinal });
        EventSet vector = Hits((ionisation, e, draws, strips) =>
            ionisation.Deposit(gap, -0.7f, 0.9f + e, -2.5f, 1.5f, energy, 30, crossing, draws, strips));
        EventSet scalar = Hits((ionisation, e, draws, strips) =>
            ionisation.DepositOneByOne(gap, -0.7f, 0.9f + e, -2.5f, 1.5f, energy, 30, crossing, draws, strips));
        Assert.Equal(scalar.HitOffsets, vector.HitOffsets);
        Assert.Equal(scalar.HitY, vector.HitY);
        Assert.Equal(scalar.HitCharge, vector.HitCharge);
        Assert.Equal(scalar.HitTime, vector.HitTime);
        Assert.Equal(scalar.LabelHit, vector.LabelHit);
        Assert.Equal(energy > 0.5f, vector.HitCount > 0);
    }

    private static EventSet Hits(Action<Ionisation, int, DrawBuffer, StripPlane> deposit)
    {
        var ionisation = new Ionisation(Digitiser.LabelDistance);
        var strips = new StripPlane();
        var draws = new DrawBuffer(_toy16.Readout.GainShape);
        draws.Restart(RandomKey.FromSeed(5));
        var events = new EventSetBuilder(1, 1);
        for (int e = 0; e < 40; e++)
        {
            strips.Begin(_plane.StripPitch, 0.37, 0, 150);
            deposit(ionisation, e, draws, strips);
            strips.Read(0, _toy16.Readout, new(1), draws, events);
            events.EndEvent(e, true, 0, 0, 0, 0, [0], [0]);
        }

        return events.Build(_toy16 with { Planes = [_plane] }, "simulation", 0);
    }
}
