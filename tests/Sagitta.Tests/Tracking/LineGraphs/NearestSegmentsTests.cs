namespace Sagitta.Tests.Tracking.LineGraphs;

public sealed class NearestSegmentsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void Each_hit_of_a_dense_frame_keeps_its_segments_of_smallest_angle_in_their_order(int nearest)
    {
        CalorimeterFrame frame = Frame(200);
        SegmentGraph all = new(), some = new();
        all.Build(frame, new() { Nearest = 0 });
        some.Build(frame, new() { Nearest = nearest });
        Assert.True(some.Count < all.Count);
        for (int hit = 0; hit < frame.Count; hit++)
        {
            int[] candidates = [.. all.Shallower[all.Offsets[hit]..all.Offsets[hit + 1]]];
            int[] expected = [.. candidates.OrderBy(b => Tangent(frame, hit, b)).ThenBy(b => b).Take(nearest).Order()];
            Assert.Equal(expected, some.Shallower[some.Offsets[hit]..some.Offsets[hit + 1]].ToArray());
            foreach (int e in Enumerable.Range(some.Offsets[hit], expected.Length))
            {
                int before = all.Offsets[hit] + Array.IndexOf(candidates, some.Shallower[e]);
                Assert.Equal((hit, all.Label[before], all.TrackerSide[before]), (some.Deeper[e], some.Label[e], some.TrackerSide[e]));
            }
        }
    }

    [Fact]
    public void A_frame_of_fewer_segments_keeps_all()
    {
        CalorimeterFrame frame = Frame(100);
        SegmentGraph all = new(), same = new();
        all.Build(frame, new() { Nearest = 0 });
        same.Build(frame, new());
        Assert.InRange(all.Count, 3 * frame.Count, 12 * frame.Count);
        Assert.Contains(Enumerable.Range(0, frame.Count), hit => all.Offsets[hit + 1] - all.Offsets[hit] > 12);
        Assert.Equal(all.Shallower.ToArray(), same.Shallower.ToArray());
    }

    [Fact]
    public void Segments_and_links_of_a_proton_are_bounded_however_many_share_a_frame()
    {
        CalorimeterFrame frame = Frame(200);
        SegmentGraph graph = new();
        graph.Build(frame, new() { Nearest = 6 });
        Assert.InRange(graph.Count, frame.Count, 6 * frame.Count);
        Assert.InRange(graph.Links, frame.Count, 36 * frame.Count);
    }

    private static CalorimeterFrame Frame(int protons) =>
        HitPreparation.Events(CalorimeterDepositReader.Read(CalorimeterSource.File(new(), 200, "test"))).Frames(protons, 1)[0];

    private static float Tangent(CalorimeterFrame frame, int a, int b)
    {
        double dx = frame.X[a] - frame.X[b];
        double dy = frame.Y[a] - frame.Y[b];
        double dz = frame.Z[a] - frame.Z[b];
        return (float)(((dx * dx) + (dy * dy)) / (dz * dz));
    }
}
