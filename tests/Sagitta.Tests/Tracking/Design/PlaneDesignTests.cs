namespace Sagitta.Tests.Tracking.Design;

public sealed class PlaneDesignTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(50)]
    public void Gradient_of_the_expected_error_is_its_change(double pt)
    {
        Detector detector = DetectorFile.Load("toy16");
        double[] gradient = new double[16];
        _ = new ResolutionLimit(detector, 0.1).Variance(1 / pt, gradient);
        double largest = gradient.Max(Math.Abs);
        double Moved(int plane, double step) => new ResolutionLimit(detector with
        {
            Planes = [.. detector.Planes.Select((p, i) => i == plane ? p with { Z = p.Z + step } : p)],
        }, 0.1).Variance(1 / pt, []);
        for (int i = 0; i < 16; i++)
        {
            Assert.Equal(Moved(i, 0.5) - Moved(i, -0.5), gradient[i], 1e-4 * largest);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Half_of_the_planes_in_the_middle_and_a_quarter_at_either_end_measure_curvature_best(bool twoStations)
    {
        // Without scattering, and planes that are thin beside the length.
        Detector start = twoStations ? ToyDetector.TwoStations : ToyDetector.Equidistant(16, 3080, 0);
        (double low, double high) = (2000, 5080);
        Detector detector = start with
        {
            Planes = [.. start.Planes.Select(plane => plane with { GapThickness = 0.1, RadiationLengths = 0, Between = (low, high) })],
        };
        PlaneDesign best = new PlaneDesign(detector, [1e4]).Best(out _, CancellationToken.None);
        Assert.Equal([4, 8, 4], best.Detector.Planes.GroupBy(plane => plane.Station).Select(station => station.Count()));
        Assert.All(best.Detector.Planes, plane => Assert.True(Math.Abs(plane.Z - low) < 1 || Math.Abs(plane.Z - high) < 1
            || Math.Abs(plane.Z - 3540) < 2, $"a plane is at {plane.Z} mm"));

        // t^2 less its line is 1/2 or -1/2 at t = -1, 0, 1: of 16 planes the error of the coefficient of t^2 is 2 sigma / 4.
        double curvature = 2 * 4 * (2 * 0.1 / 4) / Math.Pow(high - low, 2);
        double expected = 1e4 * curvature / PhysicalConstants.CurvaturePerTesla;
        Assert.Equal(expected, best.Relative(1e4), 0.003 * expected);
    }

    [Fact]
    public void Planes_keep_order_ranges_and_room_for_each_other()
    {
        Detector toy = DetectorFile.Load("toy16");
        Detector detector = toy with
        {
            Planes = [.. toy.Planes.Select((plane, i) => i == 8 ? plane : plane with { Between = (2000, 5096) })],
        };
        PlaneDesign design = new(detector, [50]);
        double[] values = [.. Enumerable.Range(0, 16).Select(i => 9000.0 - (700 * i))];
        design.Project(values);
        Assert.Equal(4800, values[8]);
        for (int i = 1; i < 16; i++)
        {
            Assert.True(values[i] - values[i - 1] > 16 - 1e-9);
        }

        Assert.InRange(values[0], 2000, 4800);
        Assert.InRange(values[15], 4800, 5096);
        BadInputException narrow = Assert.Throws<BadInputException>(() => new PlaneDesign(toy with
        {
            Planes = [.. toy.Planes.Select(plane => plane with { Between = (2000, 2100) })],
        }, [50]));
        Assert.Contains("no place for 16 planes", narrow.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Better_places_lower_the_error_of_the_fit_of_simulated_muons_as_expected()
    {
        Detector toy = DetectorFile.Load("toy16");
        PlaneDesign start = new(toy with { Planes = [.. toy.Planes.Select(plane => plane with { Between = (2000, 5096) })] }, [50]);
        PlaneDesign best = start.Best(out _, CancellationToken.None);
        Assert.InRange(best.Relative(50) / start.Relative(50), 0.25, 0.35);
        foreach (PlaneDesign design in (PlaneDesign[])[start, best])
        {
            Detector detector = DetectorFile.Parse(DetectorFile.Write(design.Detector), "design");
            EventSet events = MuonSimulation.Generate(detector, new() { Digitisation = new() { Smear = 0.1 } }, 3, 0, 3000);
            Assert.Equal(3000, events.Count);
            double[] residuals = [.. Residuals(detector, events).Order()];
            double core = (residuals[(int)(0.84 * residuals.Length)] - residuals[(int)(0.16 * residuals.Length)]) / 2;
            Assert.InRange(core, 0.95, 1.08);
        }
    }

    [Fact]
    public void More_planes_of_one_budget_are_coarser_or_thinner()
    {
        Detector toy = DetectorFile.Load("toy16");
        Detector free = toy with { Planes = [.. toy.Planes.Select(plane => plane with { Between = (2000, 5096) })] };
        Detector strips = PlaneCopies.Of(free, 32, PlaneBudget.Strips);
        Assert.Equal(32, strips.Planes.Count);
        Assert.All(strips.Planes, plane => Assert.Equal(0.8, plane.StripPitch, 1e-12));
        Assert.True(strips.StatedResolution > 1.2 * toy.StatedResolution);
        Detector thin = PlaneCopies.Of(free, 32, PlaneBudget.Material);
        double Slabs(Detector detector) => detector.Planes.Sum(plane => plane.Before.Concat(plane.After).Sum(s => s.RadiationLengths));
        Assert.Equal(Slabs(free), Slabs(thin), 1e-12);
        Assert.Equal(toy.StatedResolution, thin.StatedResolution);
    }

    // Fits of true hits in limits of the detector.
    private static IEnumerable<double> Residuals(Detector detector, EventSet events)
    {
        ResolutionLimit limit = new(detector, 0.1);
        MuonModel model = MuonModelFile.Read(TestData.InRepository("models", "muon", "end-to-end.safetensors"));
        using WorkerThreads threads = new(1);
        MuonChain chain = new(model.Experiment.Reconstruction, detector);
        MuonMethodResult truth = new MuonEvaluation(chain, threads).Truth(events);
        return truth.Tracks.QOverPt.Zip(events.TruthQOverPt, (found, q) => (found - q) / limit.Sigma(q)).Where(double.IsFinite);
    }
}
