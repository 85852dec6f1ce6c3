namespace Sagitta.Tests.Experiments.Endcap;

public sealed class EndcapOnnxTests
{
    [Fact]
    public void An_exported_network_gives_the_logits_of_the_model_on_exported_graphs()
    {
        using TemporaryFolder folder = new();
        EndcapEvents events = EndcapSlice.Digitised(5).Slice(0, 4);
        EndcapEventFile.Write(folder.File("events.npz"), events);
        EndcapInput input = new(EndcapSlice.Detector, folder.File("events.npz"), null, null, 0, 1);
        EndcapCommands.ExportModel(null, folder.File("network.onnx"));
        EndcapCommands.ExportGraphs(null, input, folder.File("graphs.npz"));
        OnnxFile network = new(File.ReadAllBytes(folder.File("network.onnx")));
        Assert.Equal(["logits", "weight_logits", "separation"], network.Outputs);
        Assert.Equal("end-to-end", network.Metadata["method"]);
        using NpzReader graphs = new(folder.File("graphs.npz"));
        double[] hits = [.. graphs.Read<float>("hits").Select(x => (double)x)];
        double[] edges = [.. graphs.Read<float>("edges").Select(x => (double)x)];
        double[] sources = [.. graphs.Read<long>("sources").Select(x => (double)x)];
        double[] targets = [.. graphs.Read<long>("targets").Select(x => (double)x)];
        int count = events.U.Length;
        double[][] logits = network.Run(("hits", [count, hits.Length / count], hits),
            ("edges", [sources.Length, edges.Length / sources.Length], edges), ("sources", [sources.Length], sources),
            ("targets", [targets.Length], targets));
        using EndcapNetwork model = EndcapNetwork.Read(EndcapCommands.ShippedModels[0]);
        using EndcapScores scores = new(EndcapSlice.Chain, model);
        EndcapTracker tracker = new(EndcapSlice.Chain);
        for (int e = 0; e < events.Count; e++)
        {
            HitLogits<float> own = scores.Logits(tracker, events, e);
            foreach ((float[] expected, double[] exported) in ((float[], double[])[])[(own.Score.Values.ToArray(), logits[0]),
                (own.Weight.Values.ToArray(), logits[1]), (own.Separation!.Value.Values.ToArray(), logits[2])])
            {
                int columns = exported.Length / count;
                for (int i = 0; i < expected.Length; i++)
                {
                    Assert.Equal(expected[i], exported[(events.Offsets[e] * columns) + i], 1e-4);
                }
            }
        }
    }
}
