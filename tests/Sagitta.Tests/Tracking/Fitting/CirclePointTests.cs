namespace Sagitta.Tests.Tracking.Fitting;

public sealed class CirclePointTests
{
    [Theory]
    [InlineData(0.03, 1e-5)]
    [InlineData(-0.05, -6e-5)]
    [InlineData(0.1, 1e-13)]
    [InlineData(-0.2, 0)]
    public void Circle_is_the_integral_of_the_tangent(double slope, double curvature)
    {
        // Gauss-Legendre of five points on short pieces is exact to rounding here.
        double z = 4800;
        double[] nodes = [0, 0.5384693101056831, -0.5384693101056831, 0.9061798459386640, -0.9061798459386640];
        double[] weights = [0.5688888888888889, 0.4786286704993665, 0.4786286704993665, 0.2369268850561891, 0.2369268850561891];
        double sum = 0;
        const int Pieces = 64;
        for (int piece = 0; piece < Pieces; piece++)
        {
            for (int k = 0; k < 5; k++)
            {
                double sine = slope + (curvature * (piece + 0.5 + (nodes[k] / 2)) * z / Pieces);
                sum += weights[k] / 2 * z / Pieces * sine / Math.Sqrt(1 - (sine * sine));
            }
        }

        Assert.True(CirclePoint.TryEvaluate(z, slope, curvature, out CirclePoint point));
        Assert.Equal(sum, point.Y, 1e-11 * Math.Abs(sum));
        Assert.Equal(point.Y, CircleTrack.Displacement(z, slope, curvature), 1e-12 * Math.Abs(sum));
    }

    [Theory]
    [InlineData(0.03, 1e-5)]
    [InlineData(-0.4, -6e-5)]
    [InlineData(0.6, 4e-5)]
    public void Lanes_hold_the_same_formulas(double slope, double curvature)
    {
        Assert.True(CirclePoint.TryEvaluate(4800, slope, curvature, out CirclePoint point));
        SingleLane<double> z = new(4800), s = new(slope);
        SingleLane<double> t = CircleLanes<SingleLane<double>>.SineAt(z, s, new(curvature));
        SingleLane<double> c = SingleLane<double>.Sqrt(CircleLanes<SingleLane<double>>.CosineSquared(s));
        SingleLane<double> e = SingleLane<double>.Sqrt(CircleLanes<SingleLane<double>>.CosineSquared(t));
        CircleLanes<SingleLane<double>>.SecondDerivatives(z, s, c, t, e, out SingleLane<double> bySlopeSlope,
            out SingleLane<double> bySlopeCurvature, out SingleLane<double> byCurvatureCurvature);
        Same(point.Y + 7, CircleLanes<SingleLane<double>>.Height(z, new(7), s, t, new SingleLane<double>(1) / (c + e)));
        Same(point.ByCurvature, z * z / (e * CircleLanes<SingleLane<double>>.Denominator(s, t, c, e)));
        Same(7 - point.Y, CircleLanes<SingleLane<double>>.Origin(s, new(curvature), z, new(7)));
        Same(point.BySlopeSlope, bySlopeSlope);
        Same(point.BySlopeCurvature, bySlopeCurvature);
        Same(point.ByCurvatureCurvature, byCurvatureCurvature);

        static void Same(double expected, SingleLane<double> found) =>
            Assert.Equal(expected, SingleLane<double>.Sum(found), 1e-11 * Math.Abs(expected));
    }

    [Theory]
    [InlineData(0.03, 1e-5)]
    [InlineData(-0.05, -6e-5)]
    [InlineData(0.04, 1e-12)]
    [InlineData(0, 0)]
    public void Derivatives_agree_with_differences(double slope, double curvature)
    {
        const double Z = 4800;
        CirclePoint At(double ds, double dk, double dz = 0)
        {
            Assert.True(CirclePoint.TryEvaluate(Z + dz, slope + ds, curvature + dk, out CirclePoint moved));
            return moved;
        }

        static double Differences(Func<double, double> f, double h) => ((8 * (f(h) - f(-h))) - (f(2 * h) - f(-2 * h))) / (12 * h);
        CirclePoint point = At(0, 0);
        AssertClose(Differences(d => At(d, 0).Y, 1e-3), point.BySlope, 1);
        AssertClose(Differences(d => At(0, d).Y, 1e-7), point.ByCurvature, 1);
        AssertClose(Differences(d => At(d, 0).BySlope, 1e-3), point.BySlopeSlope, 1);
        AssertClose(Differences(d => At(0, d).BySlope, 1e-7), point.BySlopeCurvature, 1e4);
        AssertClose(Differences(d => At(d, 0).ByCurvature, 1e-3), point.BySlopeCurvature, 1e4);
        AssertClose(Differences(d => At(0, d).ByCurvature, 1e-7), point.ByCurvatureCurvature, 1e8);
        AssertClose(Differences(d => At(0, 0, d).Y, 1), point.Tangent, 1e-4);
    }

    [Fact]
    public void Circle_that_does_not_reach_a_plane_is_refused()
    {
        Assert.False(CirclePoint.TryEvaluate(5000, 0, 1.0 / 4000, out _));
        Assert.False(CirclePoint.TryEvaluate(5000, 1, 0, out _));
        Assert.False(CirclePoint.TryEvaluate(5000, double.NaN, 0, out _));
        Assert.True(double.IsNaN(CircleTrack.Displacement(5000, 0, 1.0 / 4000)));
    }

    private static void AssertClose(double expected, double actual, double unit) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-8 * (Math.Abs(expected) + unit), $"{expected:R} against {actual:R}");
}
