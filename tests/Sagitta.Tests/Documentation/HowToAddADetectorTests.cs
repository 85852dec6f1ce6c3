namespace Sagitta.Tests.Documentation;

/// <summary>The detector of docs/how-to-add-a-detector.md, taken from the page itself.</summary>
public sealed class HowToAddADetectorTests
{
    private const int Events = 400;

    private static Detector Documented()
    {
        string page = File.ReadAllText(Path.Combine(TestData.Root, "docs", "how-to-add-a-detector.md"));
        const string Begin = "```yaml\n";
        int start = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return DetectorFile.Parse(page[start..page.IndexOf("```", start, StringComparison.Ordinal)], "docs/how-to-add-a-detector.md");
    }

    [Fact]
    public void Detector_of_the_page_is_simulated_and_fitted_without_code_of_its_own()
    {
        Detector detector = Documented();
        Assert.Equal(("compact", 12, 3), (detector.Name, detector.Planes.Count, detector.StationCount));
        SimulationOptions options = new() { Vertex = new VertexOptions { Momentum = [new MomentumComponent { Low = 20, High = 20 }] } };
        EventSet events = MuonSimulation.Generate(detector, options, seed: 1, first: 0, count: Events);

        using Tape<double> tape = new(recording: false);
        Segments planes = new();
        PlaneGroups.Set(planes, events.Hits, [.. Enumerable.Range(0, Events)]);
        Clusters clusters = SoftClustering.Apply(
            tape.Constant([.. events.LabelHit.Select(l => (double)l)], events.HitCount, 1),
            [.. events.HitY.Select(y => (double)y)],
            [.. events.HitCharge.Select(q => (double)q)],
            planes,
            [.. detector.Planes.Select(p => p.StripPitch)],
            new ClusterOptions());
        ImplicitSolution fit = new CircleFit(CircleGeometry.Of(detector)).Apply(clusters.Centroid, clusters.Sigma, clusters.Presence);

        List<double> relative = [];
        for (int e = 0; e < Events; e++)
        {
            if (fit.Statuses[e] == SolveStatus.Converged)
            {
                double truth = events.TruthQOverPt[e];
                relative.Add((fit.Value.Values[(e * TrackParameter.Count) + TrackParameter.QOverPt] - truth) / truth);
            }
        }

        relative.Sort();
        Assert.InRange(relative.Count, 0.97 * Events, Events);
        double core = (relative[(int)(0.84 * relative.Count)] - relative[(int)(0.16 * relative.Count)]) / 2;
        double limit = new ResolutionLimit(detector, planeSigma: 0.1).Relative(20);
        Assert.InRange(core, 0.8 * limit, 2 * limit);
    }
}
