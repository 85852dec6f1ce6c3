using Sagitta.Autodiff.Parallelism;
using Sagitta.Experiments.Configuration;
using Sagitta.Experiments.Muon;
using Sagitta.Experiments.Runs;
using Sagitta.Physics.Detectors;
using Sagitta.Physics.Events;
using Sagitta.Reconstruction.Tracks;

namespace Sagitta.Tests.Experiments.Muon;

public sealed class MuonAllocationTests
{
    private static readonly MuonExperiment Experiment = Quick();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Step_of_the_whole_chain_allocates_less_than_a_kilobyte(int threadCount)
    {
        using WorkerThreads threads = new(threadCount);
        EventSet events = MuonSamples.Training(Experiment, SmallMuonRun.Detector, threads);
        using MuonTrainer trainer = new(Experiment, new(Experiment, SmallMuonRun.Detector), events, threads);

        // Batches of 64 events: after a few epochs every graph has met the room of the largest event.
        for (int step = 0; step < 8 * trainer.StepsPerEpoch; step++)
        {
            trainer.Advance();
        }

        const int Steps = 12;
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int step = 0; step < Steps; step++)
        {
            trainer.Advance();
        }

        long perStep = (GC.GetTotalAllocatedBytes(precise: true) - before) / Steps;
        Assert.True(perStep < 1024, $"{perStep} bytes a step");
    }

    [Fact]
    public void Reconstruction_gives_the_same_bits_event_by_event_and_together()
    {
        using WorkerThreads threads = new(2);
        EventSet events = SmallMuonRun.Training;
        MuonChain chain = new(SmallMuonRun.Experiment, SmallMuonRun.Detector);
        using Sagitta.Autodiff.Tensors.ParameterVector<float> parameters = new(chain.Scorer.Layout);
        parameters.Initialise(Sagitta.Autodiff.Randomness.RandomKey.FromSeed(2));
        MuonModel model = new("end-to-end", SmallMuonRun.Experiment, parameters, new MuonReading.Soft(2));
        MuonEvaluation evaluation = new(chain, threads);
        TrackTable together = evaluation.Reconstruct(model, events);
        TrackTable inSteps = new TrackFinder(chain.Tracks).Find(events, model.Reading.Weights(evaluation.Logits(parameters, events)), threads);
        TrackTable alone = new(events.Count);
        using MuonReconstruction reconstruction = new(chain, model);
        for (int e = 0; e < events.Count; e++)
        {
            reconstruction.Reconstruct(events, e, 1, alone);
        }

        foreach (TrackTable other in (TrackTable[])[inSteps, alone])
        {
            Assert.Equal(together.Status, other.Status);
            Assert.Equal(together.QOverPt.Select(BitConverter.DoubleToInt64Bits), other.QOverPt.Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(together.ChiSquare.Select(BitConverter.DoubleToInt64Bits), other.ChiSquare.Select(BitConverter.DoubleToInt64Bits));
        }
    }

    private static MuonExperiment Quick()
    {
        MuonExperiment quick = ConfigurationFile.Load<MuonExperiment>(ShippedFile.Find("experiments/muon-quick.yaml"), ["data.training=128"]);
        return quick with { Loss = quick.Loss with { WarmUpStart = 0, WarmUpLength = 0 }, Training = quick.Training with { Epochs = 100 } };
    }
}
