namespace Sagitta.Tests.Experiments.Calorimeter;

public sealed class CalorimeterOnnxTests
{
    [Theory]
    [InlineData("Line", 16, false)]
    [InlineData("Hit", 8, false)]
    [InlineData("Hit", 8, true)]
    public void An_exported_network_gives_the_logits_of_the_model_on_exported_graphs(string kind, int hidden, bool twice)
    {
        using TemporaryFolder folder = new();
        SegmentNetworkOptions options = new() { Graph = Enum.Parse<ScoredGraph>(kind), Hidden = hidden, DoubleSigmoid = twice };
        using CalorimeterModel model = new(new() { Network = options }, new(), 0);
        model.Parameters.Initialise(RandomKey.FromSeed(6));

        // Gains, biases and running averages that are ones and zeros would hide a mistake; variances stay positive.
        RandomDraws draws = RandomKey.FromSeed(7).Draws();
        foreach (ref float value in model.Parameters.Values)
        {
            value += (float)draws.NextUniform(0, 0.2);
        }

        // Inputs have a spread: without it all scores would lie at the ends of the sigmoid.
        foreach (Parameter variance in model.Network.Layout.Parameters.Where(
            p => p.Name.EndsWith("normalisation.0.running_variance", StringComparison.Ordinal)))
        {
            model.Parameters.Slice(variance).Fill(kind == "Line" ? 1e4f : 1e2f);
        }

        model.Write(folder.File("model.safetensors"));
        CalorimeterReconstructionRequest request = new()
        {
            Hits = TestData.InRepository("data", "geant4-dtc", "water200_test_hits.csv.gz"),
            Protons = 4,
            Model = folder.File("model.safetensors"),
        };
        CalorimeterExportCommands.ExportModel(request.Model, folder.File("network.onnx"));
        CalorimeterExportCommands.ExportGraphs(request, 1, folder.File("graphs.npz"), _ => { });
        using NpzReader graphs = new(folder.File("graphs.npz"));
        using OnnxModel network = new(folder.File("network.onnx"));
        Assert.Equal(kind == "Line" ? ["segments", "encoding", "sources", "targets"] : ["hits", "shapes", "sources", "targets"],
            network.Inputs);
        double[] logits = network.Run(graphs)["logits"];

        SegmentInput input = new();
        input.Set(CalorimeterCommands.Frames(request, model.Geometry, _ => { })[0], model.Experiment.Gates, withMoments: false);
        using Tape<float> tape = new(recording: false);
        float[] expected = CalorimeterChain.Score(tape, model.Network, model.Parameters, input).Values.ToArray();
        Assert.Equal(expected.Length, logits.Length);
        Assert.True(expected.Max() - expected.Min() > 1e-3, $"{expected.Min()} to {expected.Max()}");
        for (int e = 0; e < expected.Length; e++)
        {
            Assert.Equal(expected[e], logits[e], 1e-5 * Math.Max(1, Math.Abs(expected[e])));
        }
    }

    [Theory]
    [InlineData("pat-50-seed1")]
    [InlineData("ptt-seed1")]
    public void Shipped_networks_give_the_scores_of_a_thousand_protons_in_ONNX_Runtime(string name)
    {
        using TemporaryFolder folder = new();
        int protons = 0;
        foreach (string sample in new[] { "water150", "water200" })
        {
            CalorimeterReconstructionRequest request = new()
            {
                Hits = TestData.InRepository("data", "geant4-dtc", sample + "_test_hits.csv.gz"),
                Protons = 10,
                Model = TestData.InRepository("models", "calorimeter", name + ".safetensors"),
            };
            using CalorimeterModel model = CalorimeterReconstructor.Read(request.Model, detector: null);
            IReadOnlyList<CalorimeterFrame> frames = CalorimeterCommands.Frames(request, model.Geometry, _ => { });
            CalorimeterExportCommands.ExportModel(request.Model, folder.File(sample + ".onnx"));
            CalorimeterExportCommands.ExportGraphs(request, frames.Count, folder.File(sample + ".npz"), _ => { });
            using NpzReader graphs = new(folder.File(sample + ".npz"));
            using OnnxModel network = new(folder.File(sample + ".onnx"));
            SegmentInput input = new();
            using Tape<float> tape = new(recording: false);
            List<float> expected = [];
            foreach (CalorimeterFrame frame in frames)
            {
                input.Set(frame, model.Experiment.Gates, withMoments: false);
                tape.Reset();
                expected.AddRange(CalorimeterChain.Score(tape, model.Network, model.Parameters, input).Values);
            }

            MuonOnnxTests.SameScores([.. expected], network.Run(graphs)["logits"]);
            protons += frames.Count * request.Protons;
        }

        Assert.InRange(protons, 1000, 1100);
    }
}
