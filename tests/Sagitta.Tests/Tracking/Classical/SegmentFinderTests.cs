using FsCheck;
using FsCheck.Fluent;

namespace Sagitta.Tests.Tracking.Classical;

public sealed class SegmentFinderTests
{
    // y on a grid as coarse as the cells, so that clusters coincide, lie on borders of cells and are equally near to lines.
    private static readonly Arbitrary<(int Plane, double Y)[]> s_clusters = Gen.Choose(0, 16)
        .SelectMany(_ => Gen.Choose(-40, 40), (plane, y) => (plane, y * 0.5))
        .ArrayOf()
        .ToArbitrary();

    [Theory]
    [InlineData("toy16", 0)]
    [InlineData("toy16", 5)]
    [InlineData("toy16", 20)]
    [InlineData("toy17", 5)]
    [InlineData("toy17", 20)]
    [InlineData("three-station", 0)]
    [InlineData("three-station", 5)]
    [InlineData("three-station", 20)]
    public void Segments_of_simulated_events_are_those_of_the_plain_search_bit_for_bit(string name, double background)
    {
        Detector detector = DetectorFile.Load(name);
        Pair[] pairs = Pairs(detector, new());
        EventSet events = MuonSimulation.Generate(detector,
            new() { Digitisation = new() { Background = new() { KHzPerCm2 = [background] } } }, seed: 5, first: 0, count: 100);
        int segments = 0;
        for (int e = 0; e < events.Count; e++)
        {
            List<StripCluster> clusters = Clusters(detector, events, e);
            segments += pairs.Sum(pair => pair.Check(clusters));
        }

        Assert.True(segments > events.Count, $"{segments} segments in {events.Count} events");
    }

    [Theory]
    [InlineData("toy16", 2)]
    [InlineData("toy17", 0.7)]
    [InlineData("three-station", 3)]
    public void Segments_of_any_clusters_are_those_of_the_plain_search_bit_for_bit(string name, double positionCell)
    {
        Detector detector = DetectorFile.Load(name);

        // Few planes suffice, so that random clusters make segments; and few segments are kept, so that the search ends early.
        Pair[] pairs = [.. Pairs(detector, new() { PositionCell = positionCell, PlaneShare = 0.3, SegmentsPerStation = 3 }),
            .. Pairs(detector, new() { PositionCell = positionCell, SlopeCell = 0.05 })];
        Prop.ForAll(s_clusters, drawn =>
        {
            List<StripCluster> unordered = [.. drawn.Select(c => Cluster(c.Plane, c.Y))];
            List<StripCluster> ordered = [.. unordered.OrderBy(c => c.Plane).ThenBy(c => c.Y)];
            foreach (Pair pair in pairs)
            {
                pair.Check(unordered);
                pair.Check(ordered);
            }
        }).Check(Config.QuickThrowOnFailure.WithEndSize(80));
    }

    [Fact]
    public void Of_equally_near_clusters_the_first_is_taken()
    {
        Detector detector = DetectorFile.Load("toy16");
        Pair[] pairs = Pairs(detector, new());
        List<StripCluster> clusters = [];
        for (int plane = 0; plane < 8; plane++)
        {
            clusters.Add(Cluster(plane, plane == 4 ? 0.5 : 0));
            clusters.Add(Cluster(plane, plane == 4 ? -0.5 : 0));
        }

        Assert.True(pairs[0].Check(clusters) > 0);
        clusters.Reverse();
        Assert.True(pairs[0].Check(clusters) > 0);
    }

    [Fact]
    public void Nothing_is_allocated_once_warm()
    {
        Detector detector = DetectorFile.Load("toy16");
        EventSet events = MuonSimulation.Generate(detector, new() { Digitisation = new() { Background = new() { KHzPerCm2 = [20] } } },
            seed: 6, first: 0, count: 20);
        List<StripCluster>[] clusters = [.. Enumerable.Range(0, events.Count).Select(e => Clusters(detector, events, e))];
        SegmentFinder finder = new(detector, 0, new());

        // The runtime compiles hot loops anew on the thread that runs them, and allocates for it: that is over before the count begins.
        for (int pass = 0; pass < 60; pass++)
        {
            FindAll();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        FindAll();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void FindAll()
        {
            foreach (List<StripCluster> list in clusters)
            {
                finder.Find(list);
            }
        }
    }

    private static Pair[] Pairs(Detector detector, ClassicalOptions options) =>
        [.. Enumerable.Range(0, detector.StationCount).Select(station => new Pair(detector, station, options))];

    private static StripCluster Cluster(int plane, double y) => new(0, 1, plane, y, 0, 1);

    private static List<StripCluster> Clusters(Detector detector, EventSet events, int index)
    {
        List<StripCluster> clusters = [];
        int end = events.HitOffsets[index + 1];
        for (int hit = events.HitOffsets[index]; hit < end;)
        {
            int first = hit;
            int plane = events.HitPlane[hit];
            double reach = 2.5 * detector.Planes[plane].StripPitch;
            ClusterSums sums = default;
            do
            {
                sums.Add(events.HitY[hit] - events.HitY[first], events.HitCharge[hit]);
                hit++;
            }
            while (hit < end && events.HitPlane[hit] == plane && events.HitY[hit] - events.HitY[hit - 1] < reach);

            clusters.Add(new(first, hit, plane, events.HitY[first] + sums.Mean, sums.Width, sums.Concentration));
        }

        return clusters;
    }

    private sealed class Pair(Detector detector, int station, ClassicalOptions options)
    {
        private readonly SegmentFinder _finder = new(detector, station, options);
        private readonly PlainSegmentFinder _plain = new(detector, station, options);

        public int Check(List<StripCluster> clusters)
        {
            IReadOnlyList<Segment> expected = _plain.Find(clusters);
            IReadOnlyList<Segment> actual = _finder.Find(clusters);
            Assert.Equal(expected.Select(Bits), actual.Select(Bits));
            return expected.Count;
        }

        private static string Bits(Segment s) =>
            $"{BitConverter.DoubleToInt64Bits(s.Y):X} {BitConverter.DoubleToInt64Bits(s.Slope):X} "
                + $"{BitConverter.DoubleToInt64Bits(s.ChiSquare):X} {s.Planes}: {string.Join(',', s.Clusters)}";
    }
}
