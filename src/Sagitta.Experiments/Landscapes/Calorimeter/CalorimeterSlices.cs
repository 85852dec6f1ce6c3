namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Slices of the losses of segment networks, with running averages held fixed and recomputed for every frame.</summary>
internal static class CalorimeterSlices
{
    /// <summary>Slices through one model; <paramref name="curvatures"/> are its own, <paramref name="whole"/> asks for random and trained
    /// directions too.</summary>
    public static IReadOnlyList<ModelSlice> Of(
        LandscapeContext context, ModelName name, CalorimeterModel model, FrameStock stock, IReadOnlyList<ModelCurvature> curvatures,
            bool whole)
    {
        ModelCurvature own = curvatures.First(c => c.Own);

        // Without any slope there is nothing to find eigenvectors of; those of the cross-entropy remain.
        ModelCurvature along = own.Result.Lanczos.Leading[0].Value != 0 ? own : curvatures.First(c => !c.Own);
        return SliceAnalysis.Run(
            context,
            "calorimeter",
            "",
            name,
            model.Network.Layout,
            ParameterSpace.Vector(model.Parameters),
            along,
            [("fixed", () => Probe(recomputed: false)), ("recomputed", () => Probe(recomputed: true))],
            whole);

        SegmentProbe Probe(bool recomputed) => new(model.Network, stock.Take("train", context.Options.Slices.Frames), recomputed,
            context.Threads.Count);
    }
}
