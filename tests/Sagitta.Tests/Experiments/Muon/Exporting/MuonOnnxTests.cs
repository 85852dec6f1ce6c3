namespace Sagitta.Tests.Experiments.Muon.Exporting;

public sealed class MuonOnnxTests
{
    [Fact]
    public void An_exported_network_gives_the_logits_of_the_model_on_exported_graphs()
    {
        using TemporaryFolder folder = new();
        MuonExperiment experiment = SmallMuonRun.Experiment with { Data = SmallMuonRun.Experiment.Data with { Test = 3 } };
        MuonChain chain = new(experiment, SmallMuonRun.Detector);
        using ParameterVector<float> parameters = new(chain.Scorer.Layout);
        parameters.Initialise(RandomKey.FromSeed(6));

        // Gains and biases that begin as ones and zeros would hide a mistake.
        RandomDraws draws = RandomKey.FromSeed(7).Draws();
        foreach (ref float value in parameters.Values)
        {
            value += (float)draws.NextUniform(-0.1, 0.1);
        }

        MuonModel model = new(MuonMethod.EndToEnd, experiment, parameters, new MuonReading.Soft());
        using WorkerThreads threads = new(1);
        EventSet events = MuonSamples.Test(experiment, SmallMuonRun.Detector, 2, threads);
        MuonOnnx.Write(folder.File("network.onnx"), model);
        MuonGraphFile.Write(folder.File("graphs.npz"), chain, events);

        OnnxFile network = new(File.ReadAllBytes(folder.File("network.onnx")));
        Assert.Equal((8L, 18L), (network.IrVersion, network.OperatorSet));
        Assert.Equal(["hits", "edges", "sources", "targets"], network.Inputs);
        Assert.Equal(["logits", "weight_logits"], network.Outputs);
        Assert.Equal("soft 1 0", network.Metadata["reading"]);
        using NpzReader graphs = new(folder.File("graphs.npz"));
        double[] hits = [.. graphs.Read<float>("hits").Select(x => (double)x)];
        double[] edges = [.. graphs.Read<float>("edges").Select(x => (double)x)];
        double[] sources = [.. graphs.Read<long>("sources").Select(x => (double)x)];
        double[] targets = [.. graphs.Read<long>("targets").Select(x => (double)x)];
        double[][] logits = network.Run(
            ("hits", [events.HitCount, hits.Length / events.HitCount], hits),
            ("edges", [sources.Length, edges.Length / sources.Length], edges),
            ("sources", [sources.Length], sources),
            ("targets", [targets.Length], targets));
        SampleLogits expected = new MuonEvaluation(chain, threads).Logits(parameters, events);
        foreach ((float[] own, double[] exported) in ((float[], double[])[])[(expected.Score, logits[0]), (expected.Weight, logits[1])])
        {
            Assert.Equal(own.Length, exported.Length);
            for (int i = 0; i < own.Length; i++)
            {
                Assert.Equal(own[i], exported[i], 1e-4);
            }
        }

        Assert.NotEqual(expected.Score, expected.Weight);

        long[] offsets = graphs.Read<long>("edge_offsets");
        long[] hitOffsets = graphs.Read<long>("hit_offsets");
        Assert.Equal(sources.Length, offsets[^1]);
        for (int e = 0; e < events.Count; e++)
        {
            Assert.All(Enumerable.Range((int)offsets[e], (int)(offsets[e + 1] - offsets[e])), k =>
            {
                Assert.InRange(sources[k], hitOffsets[e], hitOffsets[e + 1] - 1);
                Assert.InRange(targets[k], hitOffsets[e], hitOffsets[e + 1] - 1);
            });
        }
    }
}
