namespace Sagitta.Tests.Tracking.Calorimeter;

public sealed class CalorimeterChainTests
{
    private const long Gigabyte = 1_000_000_000;

    [Fact]
    public void A_frame_of_500_protons_is_reconstructed()
    {
        CalorimeterFrame frame = Frame(200, 500);
        using CalorimeterModel model = CalorimeterModel.Read(CalorimeterCommands.ShippedModels()[^1]);
        using CalorimeterChain reconstruction = new();
        IReadOnlyList<SegmentTrack> tracks = reconstruction.Reconstruct(frame, model);
        int[] hits = [.. tracks.SelectMany(t => t.Hits)];
        Assert.Equal(hits.Length, hits.Distinct().Count());
        Assert.True(tracks.Count > 200, $"{tracks.Count} tracks of 500 protons");
        Assert.True(reconstruction.MemoryBytes < Gigabyte, $"{reconstruction.MemoryBytes} bytes");
    }

    [Fact]
    public void Two_threads_train_on_frames_of_150_protons_behind_100_mm_in_less_than_a_gigabyte()
    {
        CalorimeterFrame frame = Frame(100, 150);
        using CalorimeterModel model = CalorimeterModel.Read(CalorimeterCommands.ShippedModels()[^1]);
        using ParameterVector<float> gradient = new(model.Network.Layout);
        using FrameTraining training = new(model.Method);
        training.Step(model, frame, gradient, model.Network.CreateMoments(), 1);
        Assert.True(training.Edges > 1_400_000, $"{training.Edges} edges");
        Assert.True(2 * training.MemoryBytes < Gigabyte, $"{training.MemoryBytes} bytes a thread");
    }

    [Fact]
    public void A_price_for_unassigned_hits_leaves_poor_segments_out()
    {
        CalorimeterFrame frame = Frame(100, 150);
        using CalorimeterModel forced = CalorimeterModel.Read(CalorimeterCommands.ShippedModels()[^1]);
        using CalorimeterModel priced = forced.WithPrice(0.6);
        using CalorimeterChain reconstruction = new();
        FrameResult all = reconstruction.Compare(frame, reconstruction.Reconstruct(frame, forced));
        FrameResult some = reconstruction.Compare(frame, reconstruction.Reconstruct(frame, priced));
        Assert.True(some.ChosenFalse < all.ChosenFalse, $"{some.ChosenFalse} false segments, {all.ChosenFalse} without a price");
        Assert.True(some.ChosenTrue > 0.9 * all.ChosenTrue, $"{some.ChosenTrue} true segments, {all.ChosenTrue} without a price");
    }

    [Fact]
    public void A_tuned_price_finds_more_and_purer_tracks_in_a_dense_frame()
    {
        CalorimeterFrame[] frames = [Frame(100, 150)];
        using CalorimeterModel model = CalorimeterModel.Read(CalorimeterCommands.ShippedModels()[^1]);
        using Sagitta.Core.Parallelism.WorkerThreads threads = new(1);
        using CalorimeterEvaluation evaluation = new(threads);
        double price = evaluation.TunePrice(model, frames);
        Assert.InRange(price, 0.5, 1);
        using CalorimeterModel priced = model.WithPrice(price);
        CalorimeterMetrics forced = new(evaluation.Run(model, frames));
        CalorimeterMetrics free = new(evaluation.Run(priced, frames));
        Assert.True(free.Purity > forced.Purity, $"purity {free.Purity}, {forced.Purity} without a price");
        Assert.True(free.Efficiency > forced.Efficiency, $"efficiency {free.Efficiency}, {forced.Efficiency} without a price");
    }

    private static CalorimeterFrame Frame(int water, int protons) => HitPreparation.Events(CalorimeterDepositReader.Read(
        CalorimeterSource.File(new(), water, protons > 200 ? "train" : "test"))).Frames(protons, 1)[0];
}
