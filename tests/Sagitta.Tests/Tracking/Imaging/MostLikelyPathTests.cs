namespace Sagitta.Tests.Tracking.Imaging;

public sealed class MostLikelyPathTests
{
    private static readonly TrackingCalorimeter _calorimeter = TrackingCalorimeterFile.Load(TrackingCalorimeterFile.Shipped);

    /// <summary>Protons of Gaussian scattering in thin slices: the estimate has the error that it states, and is nearer than the straight
    /// line.</summary>
    [Fact]
    public void Estimate_has_its_error_and_is_better_than_the_line()
    {
        const double Front = -100, Back = 100, Slope = 0.004, Start = -20;
        WaterEquivalent water = new(_calorimeter, _calorimeter.Beam.Energy);
        MostLikelyPath path = new(_calorimeter, water, Front, Back, 0);
        RandomDraws draws = RandomKey.FromSeed(11).Draws();
        ProtonBeam beam = _calorimeter.Beam;
        SpotAxis axis = new(Start, Slope);
        List<double> likely = [], straight = [];
        double correction = 1 + (0.038 * Math.Log((Back - Front) / _calorimeter.Phantom.RadiationLength));
        LayerGroup first = _calorimeter.Groups[0];
        double layer = first.Before.Append(first.Sensitive).Concat(first.After).Sum(slab => slab.Thickness / slab.Material.RadiationLength);
        double kink = 13.6 * (1 + (0.038 * Math.Log(layer))) * Math.Sqrt(layer)
            / ProtonKinematics.MomentumTimesVelocity(water.Energy(water.PathLength(0) - (Back - Front)));
        for (int proton = 0; proton < 4000; proton++)
        {
            double own = draws.NextGaussian();
            double x = Start + (beam.Size * own);
            double slope = Slope + (beam.Divergence * ((beam.Correlation * own)
                + (Math.Sqrt(1 - (beam.Correlation * beam.Correlation)) * draws.NextGaussian())));
            double z = beam.Z, middle = double.NaN;
            x += slope * (Front - z);
            for (z = Front; z < Back; z += 2)
            {
                middle = z == 0 ? x : middle;
                double momentum = ProtonKinematics.MomentumTimesVelocity(water.Energy(water.PathLength(0) - (z + 1 - Front)));
                double angle = 13.6 * correction / momentum * Math.Sqrt(2 / _calorimeter.Phantom.RadiationLength) * draws.NextGaussian();
                x += (2 * slope) + angle;
                slope += angle;
            }

            // The slope is measured behind the first layer, which scatters.
            x += slope * (path.FirstLayer - Back);
            slope += kink * draws.NextGaussian();
            likely.Add(path.At(axis, x, slope) - middle);
            straight.Add(x - (slope * path.FirstLayer) - middle);
        }

        double Spread(List<double> values) => Math.Sqrt(values.Sum(v => v * v) / values.Count);

        // Known to 0.011 with so many protons.
        Assert.InRange(Spread(likely) / path.Error, 0.97, 1.03);
        Assert.True(Spread(likely) < 0.8 * Spread(straight), $"{Spread(likely)} and {Spread(straight)}");
        Assert.Equal(0, likely.Average(), 4 * path.Error / Math.Sqrt(likely.Count));
    }

    [Fact]
    public void Axes_of_spots_are_those_of_the_protons()
    {
        (double, double)[] protons = [.. new[] { -30.0, 0, 30 }.Select(spot => (spot, spot + (700 * (0.001 + (spot / 6600)))))];
        SpotAxis axis = SpotAxis.Fit(protons, 700)(30);
        Assert.Equal(0.001 + (30 / 6600.0), axis.Slope, 1e-9);
        Assert.Equal(30, axis.Start);
        Assert.Equal(0.002, SpotAxis.Fit([(5, 6.4)], 700)(5).Slope, 1e-9);
    }
}
