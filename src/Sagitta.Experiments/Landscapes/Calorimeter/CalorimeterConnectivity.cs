namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Paths between segment networks, every frame normalised by its own statistics; curves fitted on the cross-entropy and on the
/// Hamming loss.</summary>
internal static class CalorimeterConnectivity
{
    /// <summary>Follows the paths of the chosen pairs.</summary>
    public static IReadOnlyList<ModelPath> Run(LandscapeContext context, CalorimeterModels models, FrameStock stock)
    {
        if (models.All.Count < 2)
        {
            return [];
        }

        ConnectivityOptions options = context.Options.Connectivity;
        SegmentScorer network = models.All[0].Model.Network;
        IReadOnlyList<LandscapeFrame> frames = stock.Take("train", options.Frames);
        using SegmentProbe probe = new(network, stock.Take("train", Math.Max(1, options.Frames / 3)), recomputed: true,
            context.Threads.Count);
        using SegmentCurveLoss crossEntropy = new(network, frames, new(), context.Threads.Count);
        using SegmentCurveLoss hamming = new(network, frames,
            new() { Name = CalorimeterMethodKind.PredictAndTrack, Lambda = options.Lambda }, context.Threads.Count);
        return ConnectivityAnalysis.Run(
            context,
            "calorimeter",
            "",
            [.. models.All.Select(m => (m.Name, m.Model.Parameters.Values.ToArray()))],
            probe,
            [("cross-entropy", crossEntropy), ("Hamming loss", hamming)]);
    }
}
