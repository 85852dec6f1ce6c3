namespace Sagitta.Tests.Tracking.Classical;

public sealed class RoadEstimateTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Estimate_is_unbiased_with_the_error_it_states(bool three)
    {
        Detector detector = three ? ToyDetector.ThreeStations : ToyDetector.TwoStations;
        RoadEstimate road = new(detector);
        double factor = CircleGeometry.Of(detector).CurvaturePerQOverPt;
        RandomDraws draws = RandomKey.FromSeed(6).Draws();
        const int Events = 20_000;
        double mean = 0, square = 0;
        float[] centres = new float[detector.StationCount];
        for (int e = 0; e < Events; e++)
        {
            double truth = 1 / 20.0;
            double y0 = draws.NextUniform(-100, 100);
            double slope = draws.NextUniform(-0.05, 0.05);
            for (int s = 0; s < centres.Length; s++)
            {
                double z = detector.Planes[detector.MiddlePlane(s)].Z;
                centres[s] = (float)(y0 + CircleTrack.Displacement(z, slope, truth * factor) + (40 * draws.NextGaussian()));
            }

            double residual = road.QOverPt(centres) - truth;
            mean += residual / Events;
            square += residual * residual / Events;
        }

        Assert.True(Math.Abs(mean) < 5 * road.Sigma / Math.Sqrt(Events), $"bias {mean}, error {road.Sigma}");
        Assert.Equal(road.Sigma, Math.Sqrt(square), 0.03 * road.Sigma);
    }
}
