namespace Sagitta.Tests.Tracking.LineGraphs;

public sealed class NearestAngleFollowerTests
{
    [Fact]
    public void Follows_a_single_track_through_all_layers()
    {
        CalorimeterFrame frame = SegmentMessagesTests.Frame(1, 5);
        SegmentGraph graph = new();
        graph.Build(frame, new());
        int[] shallowerOf = new int[frame.Count];
        new NearestAngleFollower { LargestBend = 0.4 }.Follow(frame, graph, shallowerOf);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, -1], shallowerOf);
        SegmentTrack track = Assert.Single(TrackFinding.Follow(frame, shallowerOf, new() { LastDeposit = 0 }));
        Assert.Equal([7, 6, 5, 4, 3, 2, 1, 0], track.Hits);
    }

    [Fact]
    public void Joins_no_hit_twice()
    {
        CalorimeterFrame frame = SegmentMessagesTests.Frame(30, 6);
        SegmentGraph graph = new();
        graph.Build(frame, new());
        int[] shallowerOf = new int[frame.Count];
        new NearestAngleFollower().Follow(frame, graph, shallowerOf);
        int[] used = [.. shallowerOf.Where(h => h >= 0)];
        Assert.NotEmpty(used);
        Assert.Equal(used.Length, used.Distinct().Count());
    }

    [Fact]
    public void A_bend_of_zero_joins_nothing()
    {
        CalorimeterFrame frame = SegmentMessagesTests.Frame(5, 6);
        SegmentGraph graph = new();
        graph.Build(frame, new());
        int[] shallowerOf = new int[frame.Count];
        new NearestAngleFollower { LargestBend = 0 }.Follow(frame, graph, shallowerOf);
        Assert.All(shallowerOf, h => Assert.Equal(-1, h));
    }
}
