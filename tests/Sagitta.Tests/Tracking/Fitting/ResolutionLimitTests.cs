namespace Sagitta.Tests.Tracking.Fitting;

public sealed class ResolutionLimitTests
{
    [Theory]
    [InlineData(5, 0.0044)]
    [InlineData(10, 0.0073)]
    [InlineData(20, 0.0135)]
    [InlineData(50, 0.033)]
    [InlineData(100, 0.065)]
    public void Limit_of_the_default_detector_is_as_documented(double pt, double relative) =>
        Assert.Equal(relative, new ResolutionLimit(ToyDetector.TwoStations, 0.1).Relative(pt), 0.02 * relative);

    [Theory]
    [InlineData(5, 0.0044)]
    [InlineData(20, 0.0135)]
    [InlineData(100, 0.065)]
    public void Slabs_of_the_detector_file_give_the_same_limit(double pt, double relative) =>
        Assert.Equal(relative, new ResolutionLimit(Sagitta.Physics.Detectors.DetectorFile.Load("toy16"), 0.1)
            .Relative(pt), 0.02 * relative);

    [Fact]
    public void Median_loss_is_that_of_the_full_simulation()
    {
        // The Geant4 sample of this detector: material and median loss from the vertex to the last plane.
        TrackMaterial material = new(Sagitta.Physics.Detectors.DetectorFile.Load("toy16"));
        Assert.Equal(0.1561, material.TotalRadiationLengths, 0.0005);
        Assert.Equal(0.0085, material.MedianLoss, 0.0004);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(40)]
    public void Measurement_term_is_glucksterns(int planes)
    {
        ResolutionLimit limit = new(ToyDetector.Equidistant(planes, 3000, 0), 0.1);
        double expected = Gluckstern.Measurement(planes, 3000, 0.1) / PhysicalConstants.CurvaturePerTesla;

        // Nearly straight, where the air between the planes and the circle's higher orders vanish.
        Assert.Equal(expected, limit.Sigma(1e-5), 1e-4 * expected);
    }

    [Fact]
    public void Scattering_term_is_the_angle_over_the_length()
    {
        // Many exact planes in 5 % of a radiation length: at low momentum the resolution no longer matters.
        const int Planes = 101;
        Sagitta.Physics.Detectors.Detector detector = ToyDetector.Equidistant(Planes, 3000, 0.05 / (Planes - 1), first: 0);
        double total = 0.05 + (3000 / 303_921.0);
        double angle = 0.0136 * (1 + (0.038 * Math.Log(total))) * Math.Sqrt(total) / 10;
        double expected = Gluckstern.Scattering(3000, angle) / PhysicalConstants.CurvaturePerTesla;
        Assert.InRange(new ResolutionLimit(detector, 0.001).Sigma(0.1), 0.99 * expected, 1.15 * expected);
    }

    [Theory]
    [InlineData(0.2, double.PositiveInfinity)]
    [InlineData(-0.02, double.PositiveInfinity)]
    [InlineData(0.05, 20)]
    public void Derivatives_by_the_places_of_planes_agree_with_differences(double qOverPt, double vertexSigma)
    {
        Sagitta.Physics.Detectors.Detector detector = ToyDetector.TwoStations;
        int planes = detector.Planes.Count;
        double[] sigmas = [.. Enumerable.Range(0, planes).Select(i => 0.1 + (0.01 * i))];
        double[] toZ = new double[planes];
        double variance = new ResolutionLimit(detector, sigmas, vertexSigma).Variance(qOverPt, toZ);
        Assert.Equal(new ResolutionLimit(detector, sigmas, vertexSigma).Sigma(qOverPt), Math.Sqrt(variance), 1e-15);
        for (int i = 0; i < planes; i++)
        {
            double expected = FiniteDifferences.Derivative(shift => new ResolutionLimit(
                detector with { Planes = [.. detector.Planes.Select((plane, p) => p == i ? plane with { Z = plane.Z + shift } : plane)] },
                sigmas, vertexSigma).Variance(qOverPt, []), 10, out _);
            Assert.Equal(expected, toZ[i], 1e-6 * toZ.Max(Math.Abs));
        }
    }

    [Fact]
    public void Vertex_helps_and_a_vague_one_does_not()
    {
        ResolutionLimit without = new(ToyDetector.TwoStations, 0.1);
        Assert.True(new ResolutionLimit(ToyDetector.TwoStations, 0.1, vertexSigma: 0.1).Relative(50) < 0.9 * without.Relative(50));
        Assert.Equal(without.Relative(50), new ResolutionLimit(ToyDetector.TwoStations, 0.1, vertexSigma: 1e5).Relative(50), 1e-6);
    }

    [Fact]
    public void Table_follows_the_limit()
    {
        ResolutionLimit limit = new(ToyDetector.TwoStations, 0.1);
        ReferenceResolution table = new(limit);
        for (double pt = 3; pt < 300; pt *= 1.17)
        {
            Assert.Equal(limit.Relative(pt), table.Relative(pt), 2e-3 * limit.Relative(pt));
            Assert.Equal(table.Relative(pt) / pt, table.Sigma(-1 / pt), 1e-12);
        }
    }

    [Fact]
    public void Table_is_the_limit_at_its_knots_geometric_between_and_level_beyond()
    {
        // Eight knots an octave from 2 GeV up to 512, the first at or above 500.
        ResolutionLimit limit = new(ToyDetector.TwoStations, 0.1);
        ReferenceResolution table = new(limit);
        double Knot(int k) => limit.Relative(2 * Math.Pow(2, k / 8.0));
        Assert.Equal(Knot(8), table.Relative(4), 1e-14);
        Assert.Equal(Math.Sqrt(Knot(8) * Knot(9)), table.Relative(4 * Math.Pow(2, 1 / 16.0)), 1e-14);
        Assert.Equal(Knot(0), table.Relative(1), 1e-14);
        Assert.Equal(Knot(64), table.Relative(5000), 1e-12);
        Assert.Equal(Math.Sqrt(Knot(63) * Knot(64)), table.Relative(512 / Math.Pow(2, 1 / 16.0)), 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReferenceResolution(limit, lowPt: 0.2));
        Assert.Throws<ArgumentException>(() => new ResolutionLimit(ToyDetector.TwoStations, [0.1, 0.1]));
    }
}
