namespace Sagitta.Tests.Tracking.LineGraphs;

/// <summary>Two conventions of the published code that experiments can leave: labels by event, and fragments that count as
/// correct.</summary>
public sealed class TruthConventionTests
{
    // One event: a beam particle (track 1) in layers 6 to 0, and a secondary (track 2) that goes on from it in layers 8 and 7.
    private static readonly CalorimeterFrame _frame = new()
    {
        Events = 1,
        Layer = [8, 7, 6, 5, 4, 3, 2, 1, 0],
        X = new float[9],
        Y = new float[9],
        Z = [44, 38.5f, 33, 27.5f, 22, 16.5f, 11, 5.5f, 0],
        Energy = [0.2f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f],
        TruthEvent = new long[9],
        TruthTrack = [2, 2, 1, 1, 1, 1, 1, 1, 1],
        TruthPrimary = [false, false, true, true, true, true, true, true, true],
    };

    [Fact]
    public void By_default_all_segments_within_an_event_are_true()
    {
        SegmentGraph graph = new();
        graph.Build(_frame, new());
        Assert.Equal(8, graph.Count);
        Assert.DoesNotContain(false, graph.Label.ToArray());
    }

    [Fact]
    public void Labels_by_particle_leave_out_the_step_to_the_secondary()
    {
        SegmentGraph graph = new();
        graph.Build(_frame, new() { LabelByParticle = true });
        bool[] expected = [true, false, true, true, true, true, true, true];
        Assert.Equal(expected, graph.Label.ToArray());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.7, 1)]
    [InlineData(0.8, 0)]
    [InlineData(1, 0)]
    public void Fragments_count_unless_completeness_is_asked_for(double completeness, int correct)
    {
        // Five of the beam particle's seven hits.
        TrackScore score = TrackScore.Of(_frame, [new([8, 7, 6, 5, 4])], completeness);
        Assert.Equal(1, score.Candidates);
        Assert.Equal(correct, score.Correct);
        Assert.Equal(correct, score.Found);
        Assert.Equal(1, TrackScore.Of(_frame, [new([8, 7, 6, 5, 4, 3, 2])], 1).Correct);
    }
}
