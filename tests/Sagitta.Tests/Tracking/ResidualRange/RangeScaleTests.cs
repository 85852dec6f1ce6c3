namespace Sagitta.Tests.Tracking.ResidualRange;

public sealed class RangeScaleTests
{
    private static readonly TrackingCalorimeter _calorimeter = TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped);
    private static readonly RangeScale _scale = new(_calorimeter);

    // A proton slows down in water and in the layers' materials side by side; what it goes in the layers counts as at 150 MeV.
    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(180)]
    [InlineData(230)]
    public void Ranges_differ_as_the_two_integrals_of_energy_over_loss_do(double energy)
    {
        LayerGroup group = _calorimeter.Groups[^1];
        CompoundSlab[] slabs = [.. group.Before, group.Sensitive, .. group.After];
        double Water(double e) => ProtonStopping.Loss(_calorimeter.Phantom, e);
        double Layers(double e) => slabs.Sum(s => s.Thickness * ProtonStopping.Loss(s.Material, e)) / slabs.Sum(
            s => s.Thickness * ProtonStopping.Loss(s.Material, 150)) * Water(150);
        double Difference(double upTo)
        {
            double sum = 0;
            for (double e = 1; e < upTo; e += 0.02)
            {
                sum += 0.02 * ((1 / Water(e + 0.01)) - (1 / Layers(e + 0.01)));
            }

            return sum;
        }

        double Range(double upTo, Func<double, double> loss)
        {
            double sum = 0;
            for (double e = 0; e < upTo; e += 0.02)
            {
                sum += 0.02 / loss(e + 0.01);
            }

            return sum;
        }

        // 180 mm on the scale of the layers is that of the energy whose range it is.
        double known = 160;
        for (double low = 100, high = 230; high - low > 1e-3; known = (low + high) / 2)
        {
            (low, high) = Range(known, Layers) < 180 ? (known, high) : (low, known);
        }

        double onLayers = Range(energy, Layers);
        Assert.Equal(Difference(energy) - Difference(known), _scale.Water(onLayers) - onLayers, 0.02);
    }

    [Fact]
    public void The_range_of_the_beam_is_four_tenths_of_a_mm_longer_and_that_of_the_training_files_the_same()
    {
        Assert.Equal(180, _scale.Water(180), 1e-12);
        Assert.InRange(_scale.Water(330) - 330, 0.3, 0.5);
        Assert.InRange(_scale.Water(230) - 230, -0.1, 0.15);
        Assert.InRange(_scale.Water(130) - 130, -0.1, 0.1);
    }

    [Fact]
    public void Longer_ranges_stay_longer_far_beyond_the_table_and_below_zero_too()
    {
        double before = double.NegativeInfinity;
        for (double range = -5; range < 1500; range += 0.5)
        {
            Assert.True(_scale.Water(range) > before, $"{range}");
            before = _scale.Water(range);
        }

        Assert.True(double.IsNaN(_scale.Water(double.NaN)));
    }
}
