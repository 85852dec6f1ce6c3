namespace Sagitta.Tests.Tracking.Endcap;

public sealed class SeparationBoundTests
{
    // What numbers of hits or scores of edges could add at most: the assignment is told by the truth whose each hit is. Its price for
    // hits of another muon or of none is the price of a plane without a cluster, and above.
    [Fact]
    [Trait("speed", "slow")]
    public void Knowing_whose_each_hit_is_would_find_few_more_muons()
    {
        EndcapEvents events = new EndcapInput(EndcapSlice.Detector, null, null, null, 40, 98).Simulated(0, 500);
        using EndcapNetwork network = EndcapNetwork.Read(TestData.InRepository("models", "endcap", "end-to-end.safetensors"));
        EndcapSearchOptions search = network.Experiment.Search;
        EndcapMetrics without = Measure(events, network, search, told: false);
        EndcapMetrics told = Measure(events, network, search with { SeparationValue = search.AlonePrice }, told: true);
        string values = $"efficiency {without.Efficiency} {told.Efficiency}, both muons of a close pair {without.ClosePairs.AllFound} "
            + $"{told.ClosePairs.AllFound}";
        Assert.True(Math.Abs(told.Efficiency - without.Efficiency) < 0.003, values);
        Assert.True(told.ClosePairs.AllFound - without.ClosePairs.AllFound < 0.02, values);
        Assert.NotEqual(without.CoreWidth, told.CoreWidth);
    }

    private static EndcapMetrics Measure(EndcapEvents events, EndcapNetwork network, EndcapSearchOptions search, bool told)
    {
        EndcapReconstruction chain = new(EndcapDetector.Load(EndcapSlice.Detector), search);
        EndcapTracker tracker = new(chain);
        using EndcapScores scores = new(chain, network);
        EndcapEvaluation evaluation = new(events, muon => chain.Limit(muon));
        for (int e = 0; e < events.Count; e++)
        {
            double[] weights = scores.Weights(tracker, events, e);
            tracker.Separation = told ? Owners(events, e) : [];
            evaluation.Add(e, tracker.Reconstruct(events, e, weights));
        }

        return evaluation.Result("told");
    }

    // A column for each muon, 1 in that of the hit's own.
    private static float[] Owners(EndcapEvents events, int e)
    {
        int muons = events.MuonsOf(e).Length;
        short[] labels = events.Label[events.HitsOf(e)];
        float[] columns = new float[labels.Length * muons];
        for (int hit = 0; hit < labels.Length; hit++)
        {
            if (labels[hit] >= 0)
            {
                columns[(hit * muons) + labels[hit]] = 1;
            }
        }

        return columns;
    }
}
