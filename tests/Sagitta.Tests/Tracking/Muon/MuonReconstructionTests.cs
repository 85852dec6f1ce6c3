namespace Sagitta.Tests.Tracking.Muon;

public sealed class MuonReconstructionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_mirror_image_of_an_event_has_the_mirror_image_of_its_track_where_the_network_is_symmetric(bool symmetric)
    {
        MuonModel trained = MuonModelFile.Read(ShippedFile.Find("models/muon/end-to-end.safetensors"));
        MuonExperiment experiment = trained.Experiment with
        {
            Network = trained.Experiment.Network with { Symmetric = symmetric },
            Measurement = new() { Enabled = true },
        };
        MuonChain chain = new(experiment, trained.Detector);
        using ParameterVector<float> parameters = new(chain.Scorer.Layout);
        parameters.Initialise(RandomKey.FromSeed(4));
        trained.Parameters.Values.CopyTo(parameters.Values);
        MuonModel model = new(trained.Method, experiment, parameters, trained.Reading);
        using WorkerThreads threads = new(2);
        SimulationOptions options = new() { Digitisation = new() { Background = new() { KHzPerCm2 = [5] } } };
        HitSet hits = MuonSimulation.Generate(trained.Detector, options, 9, 0, 300, threads).Hits;
        TrackTable tracks = chain.Reconstruct(model, hits, threads);
        TrackTable mirrored = chain.Reconstruct(model, hits.Mirrored(), threads);
        Assert.Equal(tracks.Status, mirrored.Status);
        double worst = Enumerable.Range(0, tracks.Count).Where(e => tracks.Status[e] == SolveStatus.Converged).Max(
            e => Math.Abs(tracks.QOverPt[e] + mirrored.QOverPt[e]) / tracks.QOverPtError[e]);
        Assert.Equal(symmetric, worst < 1e-4);
    }

    [Fact]
    public void Tracks_have_the_same_bits_event_by_event_and_together()
    {
        using WorkerThreads threads = new(2);
        EventSet events = SmallMuonRun.Training;
        MuonChain chain = new(SmallMuonRun.Experiment, SmallMuonRun.Detector);
        using ParameterVector<float> parameters = new(chain.Scorer.Layout);
        parameters.Initialise(RandomKey.FromSeed(2));
        MuonModel model = new(MuonMethod.EndToEnd, SmallMuonRun.Experiment, parameters, new MuonReading.Soft(2));
        MuonEvaluation evaluation = new(chain, threads);
        TrackTable together = chain.Reconstruct(model, events.Hits, threads);
        TrackTable inSteps = chain.Finder.Find(
            events.Hits, model.Reading.Weights(evaluation.Logits(parameters, events).Weight), threads);
        TrackTable alone = new(events.Count);
        using MuonMemory memory = new();
        for (int e = 0; e < events.Count; e++)
        {
            chain.Reconstruct(model, [events.Hits], e, 1, memory, alone);
        }

        foreach (TrackTable other in (TrackTable[])[inSteps, alone])
        {
            Assert.Equal(together.Status, other.Status);
            Assert.Equal(together.QOverPt.Select(BitConverter.DoubleToInt64Bits), other.QOverPt.Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(together.ChiSquare.Select(BitConverter.DoubleToInt64Bits), other.ChiSquare.Select(BitConverter.DoubleToInt64Bits));
        }
    }
}
