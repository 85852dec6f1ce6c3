namespace Sagitta.Tests.Tracking.Design;

public sealed class StereoDesignTests
{
    private static readonly EndcapDetector _endcap = EndcapDetector.Load("endcap");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradient_of_the_expected_error_is_its_change(bool mass)
    {
        StereoDesign design = new(Free(0.001, 1), [Term(mass)]);
        Assert.Equal(12, design.Count);
        double[] values = [.. Enumerable.Range(0, 12).Select(i => 0.02 + (0.01 * i))];
        double[] gradient = new double[12];
        _ = design.Evaluate(values, gradient);
        double largest = gradient.Max(Math.Abs);
        foreach (int k in (int[])[0, 3, 6, 11])
        {
            double Moved(double step)
            {
                double[] moved = [.. values];
                moved[k] += step;
                return design.Evaluate(moved, []);
            }

            Assert.Equal((Moved(1e-4) - Moved(-1e-4)) / 2e-4, gradient[k], 1e-5 * largest);
        }
    }

    [Fact]
    public void Errors_are_the_bounds_of_the_fit_and_the_search_lowers_them_within_its_ranges()
    {
        StereoDesign design = new(Free(0.005, 0.3), [Term(mass: false)]);
        double before = design.Errors()[0];
        Assert.Equal(new EndcapLimit(new EndcapModel(_endcap)).Relative(50, 0, 0.28), before, 1e-9);
        double[] values = design.Values;
        double found = DesignSearch.Descend(design, values, CancellationToken.None);
        Assert.True(Math.Exp(found) < before);
        Assert.All(values, angle => Assert.InRange(angle, 0.005, 0.3));
        double[] gradient = new double[12];
        _ = design.Evaluate(values, gradient);
        double largest = gradient.Max(Math.Abs);
        for (int k = 0; k < 12; k++)
        {
            // At an end of its range the error would fall beyond it, between the ends it has no slope.
            Assert.True(values[k] == 0.005 ? gradient[k] > -1e-9 : values[k] == 0.3 ? gradient[k] < 1e-9
                : Math.Abs(gradient[k]) < 0.01 * Math.Max(largest, 1e-3), $"angle {k}: {values[k]}, slope {gradient[k]}");
        }
    }

    private static EndcapDetector Free(double low, double high) => _endcap with
    {
        Planes = [.. _endcap.Planes.Select(plane => plane.StereoAngle == 0 ? plane : plane with { StereoBetween = (low, high) })],
    };

    private static DesignTerm Term(bool mass)
    {
        EndcapModel model = new(_endcap);
        return (mass ? DesignTerm.Mass(model, 20, 0.28, 0.1) : DesignTerm.Momentum(model, 50, 0, 0.28))!;
    }
}
