namespace Sagitta.Tests.Tracking.Graphs;

public sealed class HitGraphBuilderTests
{
    private static readonly Detector Toy = new()
    {
        Name = "toy",
        FieldTesla = 1,
        Planes =
        [
            .. Enumerable.Range(0, 4).Select(i => new Plane { Z = 2000 + (40 * i), Station = 0, StripPitch = 0.4, GapThickness = 5,
                Gas = "g", RadiationLengths = 0.01 }),
            .. Enumerable.Range(0, 4).Select(i => new Plane { Z = 4800 + (40 * i), Station = 1, StripPitch = 0.4, GapThickness = 5,
                Gas = "g", RadiationLengths = 0.01 }),
        ],
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Edges_are_those_of_the_gates_applied_to_every_pair(ulong seed)
    {
        EventSet events = RandomEvents(seed, 5, 12);
        HitGraphOptions options = new() { PlaneReach = 3, CrossStationStride = 1 };
        HitGraph graph = new();
        new HitGraphBuilder(Toy, options).Build(events.Hits, [3, 0, 1], graph);

        HashSet<(int Source, int Target)> expected = [];
        int first = 0;
        foreach (int e in new[] { 3, 0, 1 })
        {
            int start = events.HitOffsets[e];
            int count = events.HitOffsets[e + 1] - start;
            double slope = (events.RoadCentre[(2 * e) + 1] - events.RoadCentre[2 * e]) / 2800.0;
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < count; j++)
                {
                    if (i != j && Linked(events, start + i, start + j, e, slope))
                    {
                        expected.Add((first + j, first + i));
                    }
                }
            }

            first += count;
        }

        HashSet<(int Source, int Target)> found = [];
        for (int k = 0; k < graph.Edges; k++)
        {
            Assert.True(found.Add((graph.Adjacency.Sources[k], graph.Adjacency.Targets[k])), $"edge {k} is there twice");
        }

        Assert.NotEmpty(found);
        Assert.Equal(expected.Order(), found.Order());
    }

    [Fact]
    public void Neighbouring_hits_of_a_three_GeV_track_are_joined_whatever_the_road_says_within_its_width()
    {
        // Curvature 0.0999 / m: the local slope at 4.8 m differs from the chord's by 0.14.
        double curvature = 0.299792458e-3 / 3;
        foreach (double roadError in new[] { -80.0, 0, 80 })
        {
            float[] y = [.. Toy.Planes.Select(p => (float)(curvature * p.Z * p.Z / 2))];
            float[] road = [(float)(curvature * 2080 * 2080 / 2), (float)((curvature * 4880 * 4880 / 2) + roadError)];
            EventSet events = Events([y.Select((v, i) => ((byte)i, v)).ToArray()], [road]);
            HitGraph graph = new();
            new HitGraphBuilder(Toy, new()).Build(events.Hits, [0], graph);
            for (int p = 0; p < 7; p++)
            {
                if (p != 3)
                {
                    Assert.Contains(Enumerable.Range(0, graph.Edges), k => graph.Adjacency.Sources[k] == p
                        && graph.Adjacency.Targets[k] == p + 1);
                }
            }
        }
    }

    [Fact]
    public void Overwriting_the_truth_changes_nothing()
    {
        EventSet events = RandomEvents(5, 3, 10);
        HitGraph before = new();
        HitGraph after = new();
        HitGraphBuilder builder = new(Toy, new());
        builder.Build(events.Hits, [0, 1, 2], before);
        Array.Fill(events.LabelHit, (byte)1);
        Array.Fill(events.TruthCrossing, 7f);
        Array.Fill(events.TruthQOverPt, 0.3);
        Array.Fill(events.TruthMuon, (byte)0);
        builder.Build(events.Hits, [0, 1, 2], after);
        Assert.Equal(before.HitFeatures.ToArray(), after.HitFeatures.ToArray());
        Assert.Equal(before.EdgeFeatures.ToArray(), after.EdgeFeatures.ToArray());
        Assert.Equal(before.Adjacency.Sources.ToArray(), after.Adjacency.Sources.ToArray());
    }

    [Fact]
    public void An_event_without_hits_is_an_empty_group()
    {
        EventSet events = Events([[], [(0, 1f)], []], [[0, 0], [0, 0], [0, 0]]);
        HitGraph graph = new();
        new HitGraphBuilder(Toy, new()).Build(events.Hits, [0, 1, 2], graph);
        Assert.Equal([0, 0, 1, 1], graph.EventHits.Offsets.ToArray());
        Assert.Equal(24, graph.PlaneHits.Count);
        Assert.Equal(0, graph.Edges);
    }

    [Fact]
    public void Events_of_another_detector_are_refused()
    {
        EventSet events = RandomEvents(1, 1, 2);
        HitGraphBuilder builder = new(Toy with { Name = "other" }, new());
        ArgumentException error = Assert.Throws<ArgumentException>(() => builder.Build(events.Hits, [0], new()));
        Assert.Contains("toy", error.Message, StringComparison.Ordinal);
    }

    private static bool Linked(EventSet events, int i, int j, int e, double slope)
    {
        int p = events.HitPlane[i];
        int q = events.HitPlane[j];
        Plane a = Toy.Planes[p];
        Plane b = Toy.Planes[q];
        double[] stationZ = [Toy.Planes[2].Z, Toy.Planes[6].Z];
        double Residual(int hit, Plane plane) =>
            events.HitY[hit] - events.RoadCentre[(2 * e) + plane.Station] - (slope * (plane.Z - stationZ[plane.Station]));
        double delta = Math.Abs(Residual(j, b) - Residual(i, a));
        double window = (0.299792458e-3 / 3 * 1400) + (3 * 40 / Math.Sqrt(2 * 1400.0 * 1400));
        return p == q ? delta <= 2.5 * 0.4
            : a.Station == b.Station ? Math.Abs(p - q) <= 3 && delta <= (window * Math.Abs(b.Z - a.Z)) + 0.4
            : p % 4 == q % 4 && delta <= (3 * 40 * Math.Sqrt(2)) + 0.4;
    }

    private static EventSet RandomEvents(ulong seed, int count, int hitsPerPlane)
    {
        RandomDraws draws = RandomKey.FromSeed(seed).Draws();
        List<(byte Plane, float Y)[]> hits = [];
        List<float[]> roads = [];
        for (int e = 0; e < count; e++)
        {
            List<(byte, float)> own = [];
            for (byte p = 0; p < 8; p++)
            {
                int n = draws.NextIndex(hitsPerPlane);
                float[] y = new float[n];
                for (int i = 0; i < n; i++)
                {
                    y[i] = (float)draws.NextUniform(-100, 100);
                }

                own.AddRange(y.Order().Select(v => (p, v)));
            }

            hits.Add([.. own]);
            roads.Add([(float)(40 * draws.NextGaussian()), (float)(40 * draws.NextGaussian())]);
        }

        return Events(hits, roads);
    }

    private static EventSet Events(IReadOnlyList<(byte Plane, float Y)[]> hits, IReadOnlyList<float[]> roads)
    {
        (byte Plane, float Y)[] flat = [.. hits.SelectMany(h => h)];
        int[] offsets = [0, .. hits.Select((_, i) => hits.Take(i + 1).Sum(h => h.Length))];
        int n = hits.Count;
        return new()
        {
            Hits = new()
            {
                Detector = Toy,
                EventNumber = [.. Enumerable.Range(0, n).Select(i => (long)i)],
                Offsets = offsets,
                Plane = [.. flat.Select(h => h.Plane)],
                Y = [.. flat.Select(h => h.Y)],
                Charge = [.. flat.Select((_, i) => 5f + (i % 3))],
                Time = [.. flat.Select((_, i) => 10f * (i % 7))],
                RoadCentre = [.. roads.SelectMany(r => r)],
            },
            Source = "simulation",
            BackgroundKHzPerCm2 = 0,
            LabelHit = new byte[flat.Length],
            Background = new float[n],
            TruthMuon = [.. Enumerable.Repeat((byte)1, n)],
            TruthQOverPt = new double[n],
            TruthY0 = new double[n],
            TruthSlope = new double[n],
            TruthCrossing = new float[8 * n],
        };
    }
}
