using Microsoft.ML.OnnxRuntime;

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
        Check(model, events, folder, threads);
        using NpzReader graphs = new(folder.File("graphs.npz"));
        long[] sources = graphs.Read<long>("sources"), targets = graphs.Read<long>("targets");
        long[] offsets = graphs.Read<long>("edge_offsets"), hitOffsets = graphs.Read<long>("hit_offsets");
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

    [Theory]
    [Trait("tool", "onnx")]
    [Trait("speed", "slow")]
    [InlineData("end-to-end")]
    [InlineData("factorised")]
    [InlineData("toy16-measured/local")]
    public void Shipped_networks_give_the_scores_of_a_thousand_events_in_ONNX_Runtime(string method)
    {
        using TemporaryFolder folder = new();
        using WorkerThreads threads = new(2);
        MuonModel model = Shipped(method);
        Check(model, Simulated(model, threads), folder, threads);
    }

    [Theory]
    [Trait("tool", "onnx")]
    [Trait("speed", "slow")]
    [InlineData(false)]
    [InlineData(true)]
    public void The_whole_chain_as_one_graph_gives_the_tracks_of_a_thousand_events(bool measured)
    {
        using WorkerThreads threads = new(2);
        MuonModel model = measured ? Measured(symmetric: true, time: true) : Shipped("end-to-end");
        Same_tracks(model, Simulated(model, threads).Hits, threads);
    }

    [Theory]
    [InlineData("end-to-end", null, 60)]
    [InlineData("factorised", null, 30)]
    [InlineData("end-to-end", "hard 1", 30)]
    [InlineData("toy16-measured/local", null, 30)]
    public void The_whole_chain_as_one_graph_gives_the_tracks_of_the_program(string method, string? reading, int count)
    {
        using WorkerThreads threads = new(2);
        MuonModel model = Shipped(method);
        model = reading is null ? model : model with { Reading = new MuonReading.Hard(1) };
        Same_tracks(model, Simulated(model, threads, count).Hits, threads);
    }

    // The stage is that of the first moment of its training: it moves every plane, and scales every error.
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void The_chain_with_a_measurement_stage_and_with_the_mirror_image_gives_the_tracks_of_the_program(bool symmetric, bool time)
    {
        using WorkerThreads threads = new(2);
        MuonModel model = Measured(symmetric, time);
        HitSet hits = Simulated(model, threads, 20).Hits;
        Same_tracks(model, hits, threads);
        MuonModel plain = model with { Experiment = model.Experiment with { Measurement = new() } };
        double[] with = Tracks(model, hits, threads).QOverPt, without = Tracks(plain, hits, threads).QOverPt;
        Assert.All(with.Zip(without), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    private static TrackTable Tracks(MuonModel model, HitSet hits, WorkerThreads threads) =>
        new MuonChain(model.Experiment.Reconstruction, model.Detector).Reconstruct(model, hits, threads);

    private static void Same_tracks(MuonModel model, HitSet hits, WorkerThreads threads)
    {
        using TemporaryFolder folder = new();
        MuonOnnx.WriteChain(folder.File("chain.onnx"), model);
        TrackTable expected = Tracks(model, hits, threads);
        using OnnxModel chain = new(folder.File("chain.onnx"));
        int compared = 0;
        for (int e = 0; e < hits.Count; e++)
        {
            IReadOnlyDictionary<string, double[]> track = chain.Run(Event(hits, e));
            if (expected.Status[e] == SolveStatus.TooFewPlanes)
            {
                Assert.Equal(double.NaN, track["q_over_pt"][0]);
            }
            else if (expected.Status[e] == SolveStatus.Converged)
            {
                // An untrained stage may bend a track straight: what is all but zero is compared in units of its error.
                double own = expected.QOverPt[e];
                Assert.True(Math.Abs(track["q_over_pt"][0] - own) <= 1e-4 * Math.Max(Math.Abs(own), expected.QOverPtError[e]),
                    $"event {e}: {track["q_over_pt"][0]:R} instead of {own:R}");
                compared++;
            }
        }

        Assert.InRange(compared, 0.9 * hits.Count, hits.Count);
    }

    [Fact]
    public void A_chain_that_has_no_form_in_ONNX_is_refused()
    {
        MuonModel model = Shipped("end-to-end");
        MuonExperiment robust = model.Experiment with { Fit = model.Experiment.Fit with { Robust = true } };
        BadInputException problem = Assert.Throws<BadInputException>(
            () => MuonOnnx.WriteChain("never.onnx", model with { Experiment = robust }));
        Assert.Contains("a robust fit", problem.Message, StringComparison.Ordinal);
    }

    private static MuonModel Measured(bool symmetric, bool time)
    {
        MuonModel trained = Shipped("end-to-end");
        MuonExperiment experiment = trained.Experiment with
        {
            Network = trained.Experiment.Network with { Symmetric = symmetric },
            Measurement = new() { Enabled = true, Time = time },
        };
        ParameterVector<float> parameters = new(experiment.Reconstruction.Layout());
        parameters.Initialise(RandomKey.FromSeed(4));
        trained.Parameters.Values.CopyTo(parameters.Values);
        return new(trained.Method, experiment, parameters, trained.Reading) { Detector = DetectorFile.Load("toy16-measured") };
    }

    private static MuonModel Shipped(string method) =>
        MuonModelFile.Read(TestData.InRepository("models", "muon", method + ".safetensors"));

    private static EventSet Simulated(MuonModel model, WorkerThreads threads, int count = 1000) => MuonSamples.Test(
        model.Experiment with { Data = model.Experiment.Data with { Test = count } }, model.Detector, 5, threads);

    private static NamedOnnxValue[] Event(HitSet hits, int e)
    {
        Range own = hits.HitsOf(e);
        return
        [
            OnnxModel.Input("plane", hits.Plane[own].Select(p => (long)p).ToArray()),
            OnnxModel.Input("y", hits.Y[own]),
            OnnxModel.Input("charge", hits.Charge[own]),
            OnnxModel.Input("time", hits.Time[own]),
            OnnxModel.Input("road_centre", hits.RoadsOf(e).ToArray()),
        ];
    }

    private static void Check(MuonModel model, EventSet events, TemporaryFolder folder, WorkerThreads threads)
    {
        // The network alone takes one image of an event.
        MuonReconstructionOptions options = model.Experiment.Reconstruction;
        MuonChain chain = new(options with { Network = options.Network with { Symmetric = false } }, model.Detector);
        MuonOnnx.WriteNetwork(folder.File("network.onnx"), model);
        MuonGraphFile.Write(folder.File("graphs.npz"), chain, events);
        using OnnxModel network = new(folder.File("network.onnx"));
        Assert.Equal(["hits", "edges", "sources", "targets"], network.Inputs);
        Assert.Equal(["logits", "weight_logits"], network.Outputs);
        Assert.Equal(MuonModelFile.Describe(model.Reading), network.Metadata["reading"]);
        using NpzReader graphs = new(folder.File("graphs.npz"));
        IReadOnlyDictionary<string, double[]> logits = network.Run(graphs);
        SampleLogits expected = chain.Logits(events.Hits, [model.Parameters], threads)[0];
        SameScores(expected.Score, logits["logits"]);
        SameScores(expected.Weight, logits["weight_logits"]);
        Assert.NotEqual(expected.Score, expected.Weight);
    }

    internal static void SameScores(float[] own, double[] exported)
    {
        Assert.Equal(own.Length, exported.Length);
        for (int i = 0; i < own.Length; i++)
        {
            Assert.Equal(SoftClustering.Sigmoid(own[i]), SoftClustering.Sigmoid(exported[i]), 1e-5);
        }
    }
}
