using Sagitta.Autodiff.Parallelism;
using Sagitta.Experiments.Configuration;
using Sagitta.Experiments.Muon;
using Sagitta.Experiments.Runs;
using Sagitta.Physics.Events;

namespace Sagitta.Tests.Experiments.Muon;

/// <summary>Counts what the whole process allocates, so nothing else may run meanwhile.</summary>
[Collection(nameof(AloneInTheProcess))]
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

    private static MuonExperiment Quick()
    {
        MuonExperiment quick = ConfigurationFile.Load<MuonExperiment>(ShippedFile.Find("experiments/muon-quick.yaml"), ["data.training=128"]);
        return quick with { Loss = quick.Loss with { WarmUpStart = 0, WarmUpLength = 0 }, Training = quick.Training with { Epochs = 100 } };
    }
}
