namespace Sagitta.Tests.Tracking.Imaging;

public sealed class PathLengthMapTests
{
    private static readonly RandomKey _key = RandomKey.FromSeed(5);

    [Fact]
    public void Mean_is_without_the_tail_and_its_error_is_that_of_the_numbers_kept()
    {
        RandomDraws draws = _key.Split("tail").Draws();
        double[] values = [.. Enumerable.Range(0, 4000).Select(i => i % 20 == 0 ? 260 : 200 + (4 * draws.NextGaussian()))];
        RobustMean mean = RobustMean.Of(values);
        Assert.Equal(200, mean.Value, 0.4);
        Assert.Equal(4, mean.Spread, 0.3);
        Assert.Equal(mean.Spread / Math.Sqrt(mean.Count), mean.Error, 1e-12);
        Assert.InRange(mean.Count, 3750, 3800);
        Assert.Equal(7, RobustMean.Of([7.0]).Value);
        Assert.True(double.IsNaN(RobustMean.Of([]).Value));
    }

    [Fact]
    public void Every_proton_is_in_the_pixel_that_holds_it()
    {
        PathLengthMap map = new([new(-0.1, 0.1, 10, 1), new(-1.9, 1.9, 14, 1), new(0.1, -3.9, 20, 1), new(50, 0, 1, 1)], 2, 40, 40);
        Assert.Equal([-1, 1], map.X);
        Assert.Equal([-3, -1, 1], map.Y);
        Assert.Equal([0, 1, 0, 0, 2, 0], map.Count);
        Assert.Equal(12, map.Value[4]);
        Assert.Equal(1 / Math.Sqrt(2), map.Error[4], 1e-12);
        Assert.True(double.IsNaN(map.Value[0]));
        Assert.Empty(new PathLengthMap([], 2, 40, 40).Value);
        Assert.Throws<BadInputException>(() => new PathLengthMap([new(-30, -30, 1, 1), new(30, 30, 1, 1)], 0.001, 40, 40));
    }

    /// <summary>Shifting all path lengths, as air or reactions do, changes no stopping power.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(7.5)]
    public void Insert_has_its_stopping_power_and_its_edge(double shift)
    {
        const double Blur = 1.3;
        Phantom phantom = ConfigurationFile.Parse<Phantom>(PhantomTests.Text, "phantom");
        PhantomCylinder insert = phantom.Cylinders[0];
        RandomDraws draws = _key.Split("insert").Draws();
        ImagedProton[] protons = [.. Enumerable.Range(0, 60_000).Select(_ =>
        {
            (double x, double y) = (draws.NextUniform(-30, 30), draws.NextUniform(-30, 30));
            bool inside = Math.Pow(x - insert.X, 2) + Math.Pow(y - insert.Y, 2) < insert.Radius * insert.Radius;
            return new ImagedProton(x + (Blur * draws.NextGaussian()), y + (Blur * draws.NextGaussian()),
                160 + shift + (inside ? 40 * 0.5 : 0) + (4 * draws.NextGaussian()), 4);
        })];
        InsertMeasurement measured = InsertMeasurement.Of(phantom, protons)[0];
        Assert.Equal(1.5, measured.Truth);
        Assert.InRange(measured.Rsp - 1.5, -4 * measured.RspError, 4 * measured.RspError);
        Assert.Equal(4, measured.Noise, 0.2);
        Assert.Equal(Blur, measured.Edge, 0.2);
    }

    [Theory]
    [InlineData(0.5, 0.5204998778)]
    [InlineData(-1.5, -0.9661051465)]
    public void Error_function_is_that_of_tables(double x, double table) =>
        Assert.Equal(table, InsertMeasurement.ErrorFunction(x), 2e-7);
}
