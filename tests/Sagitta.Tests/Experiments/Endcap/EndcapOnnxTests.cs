namespace Sagitta.Tests.Experiments.Endcap;

public sealed class EndcapOnnxTests
{
    [Fact]
    public void The_shipped_network_gives_the_scores_of_a_few_events_in_ONNX_Runtime() => Compare(20);

    [Fact]
    [Trait("tool", "onnx")]
    [Trait("speed", "slow")]
    public void The_shipped_network_gives_the_scores_of_a_thousand_events_in_ONNX_Runtime() => Compare(1000);

    private static void Compare(int count)
    {
        using TemporaryFolder folder = new();
        string file = TestData.InRepository("models", "endcap", "end-to-end.safetensors");
        EndcapInput input = new(EndcapSlice.Detector, folder.File("events.npz"), null, null, 5, 1);
        EndcapEvents events = input.Simulated(0, count);
        EndcapEventFile.Write(input.Events!, events, new(EndcapDetector.Load(EndcapSlice.Detector)));
        EndcapExport.Model(file, folder.File("network.onnx"));
        EndcapExport.Graphs(file, input, folder.File("graphs.npz"));
        using NpzReader graphs = new(folder.File("graphs.npz"));
        using OnnxModel network = new(folder.File("network.onnx"));
        IReadOnlyDictionary<string, double[]> logits = network.Run(graphs);
        using EndcapNetwork model = EndcapNetwork.Read(file);
        EndcapReconstruction chain = new(EndcapDetector.Load(EndcapSlice.Detector), model.Experiment.Search);
        EndcapTracker tracker = new(chain);
        using EndcapScores scores = new(chain, model);
        List<float> score = [], weight = [], separation = [];
        for (int e = 0; e < events.Count; e++)
        {
            HitLogits<float> own = scores.Logits(tracker, events, e);
            score.AddRange(own.Score.Values);
            weight.AddRange(own.Weight.Values);
            separation.AddRange(own.Separation!.Value.Values);
        }

        MuonOnnxTests.SameScores([.. score], logits["logits"]);
        MuonOnnxTests.SameScores([.. weight], logits["weight_logits"]);
        Assert.Equal(separation.Count, logits["separation"].Length);
        Assert.All(Enumerable.Range(0, separation.Count), i => Assert.Equal(separation[i], logits["separation"][i], 1e-4));
    }
}
