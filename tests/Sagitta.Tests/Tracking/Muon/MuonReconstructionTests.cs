namespace Sagitta.Tests.Tracking.Muon;

public sealed class MuonReconstructionTests
{
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
