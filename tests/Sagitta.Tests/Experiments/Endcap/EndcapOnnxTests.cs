namespace Sagitta.Tests.Experiments.Endcap;

public sealed class EndcapOnnxTests
{
    private static readonly string _shipped = TestData.InRepository("models", "endcap", "end-to-end.safetensors");

    [Fact]
    public void The_shipped_network_gives_the_scores_of_a_few_events_in_ONNX_Runtime() => Compare(_shipped, 20);

    [Fact]
    [Trait("tool", "onnx")]
    [Trait("speed", "slow")]
    public void The_shipped_network_gives_the_scores_of_a_thousand_events_in_ONNX_Runtime() => Compare(_shipped, 1000);

    [Fact]
    public void Numbers_that_tell_tracks_apart_come_out_too()
    {
        using TemporaryFolder folder = new();
        using (EndcapNetwork network = new(new() { SeparationColumns = 3 }))
        {
            network.Parameters.Initialise(RandomKey.FromSeed(1));
            network.Write(folder.File("model.safetensors"));
        }

        Assert.Equal(3, Compare(folder.File("model.safetensors"), 5));
    }

    // Returns the numbers of each hit that tell tracks apart.
    private static int Compare(string file, int count)
    {
        using TemporaryFolder folder = new();
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
            separation.AddRange(own.Separation is { } numbers ? numbers.Values : []);
        }

        MuonOnnxTests.SameScores([.. score], logits["logits"]);
        MuonOnnxTests.SameScores([.. weight], logits["weight_logits"]);
        Assert.Equal(separation.Count > 0, logits.TryGetValue("separation", out double[]? apart));
        Assert.Equal(separation.Count, apart?.Length ?? 0);
        Assert.All(Enumerable.Range(0, separation.Count), i => Assert.Equal(separation[i], apart![i], 1e-4));
        return separation.Count / score.Count;
    }
}
