namespace Sagitta.Tests.Tracking.Fitting;

public sealed class TrackMaterialTests
{
    private static readonly Detector Slabs = DetectorFile.Load("toy16");
    private static readonly int Planes = Slabs.Planes.Count;

    // The last plane stays, so that all material does: Highland's logarithm knows the total only.
    private static double[] Shifts => [.. Enumerable.Range(0, Planes).Select(i => i == Planes - 1 ? 0 : 5 * Math.Sin(1 + (2 * i)))];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Moved_planes_take_their_material_along(bool slabs)
    {
        Detector detector = slabs ? Slabs : ToyDetector.TwoStations;
        double[] shifts = Shifts;
        Detector rebuilt = detector with { Planes = [.. detector.Planes.Select((plane, i) => plane with { Z = plane.Z + shifts[i] })] };
        TrackMaterial moved = new TrackMaterial(detector).At(shifts);
        TrackMaterial expected = new(rebuilt);
        Assert.Equal(expected.TotalRadiationLengths, moved.TotalRadiationLengths, 1e-12);
        for (int k = 0; k < Planes * Planes; k++)
        {
            Assert.Equal(expected.Scattering[k], moved.Scattering[k], 1e-8 * Math.Abs(expected.Scattering[k]));
        }

        // The loss per length stays that of the nominal places, where the arc is as steep to a fraction of a permille.
        for (int i = 0; i < Planes; i++)
        {
            Assert.Equal(expected.Bending[i], moved.Bending[i], 1e-4 * expected.Bending[i]);
        }
    }

    [Fact]
    public void The_sign_of_the_field_does_not_change_what_is_lost()
    {
        TrackMaterial material = new(Slabs with { FieldTesla = 3 });
        TrackMaterial mirrored = new(Slabs with { FieldTesla = -3 });
        Assert.Equal(material.MedianLoss, mirrored.MedianLoss);
        Assert.Equal(material.Bending.ToArray(), mirrored.Bending.ToArray());
        Assert.True(material.MedianLoss > new TrackMaterial(Slabs).MedianLoss, "a longer arc lies in more material");
    }

    [Fact]
    public void Planes_that_stay_change_nothing()
    {
        TrackMaterial material = new(Slabs);
        Assert.Same(material, material.At(new double[Planes]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gradients_agree_with_differences(bool slabs)
    {
        TrackMaterial material = new(slabs ? Slabs : ToyDetector.TwoStations);
        double[] onScattering = [.. Enumerable.Range(0, Planes * Planes).Select(k => Math.Sin(3 * k))];
        double[] onBending = [.. Enumerable.Range(0, Planes).Select(i => 20 * Math.Cos(2 * i))];
        double[] shifts = Shifts;
        double[] gradient = new double[Planes];
        material.At(shifts).PullBack(onScattering, onBending, gradient);
        double largest = gradient.Max(Math.Abs);
        for (int i = 0; i < Planes; i++)
        {
            double At(double offset)
            {
                double[] there = Shifts;
                there[i] += offset;
                TrackMaterial moved = material.At(there);
                double sum = 0;
                for (int k = 0; k < onScattering.Length; k++)
                {
                    sum += onScattering[k] * moved.Scattering[k];
                }

                for (int k = 0; k < Planes; k++)
                {
                    sum += onBending[k] * moved.Bending[k];
                }

                return sum;
            }

            double expected = FiniteDifferences.Derivative(At, 2, out _);
            Assert.Equal(expected, gradient[i], 1e-7 * Math.Max(Math.Abs(expected), 1e-2 * largest));
        }
    }
}
