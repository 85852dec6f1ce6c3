using Sagitta.Experiments.Calorimeter;
using Sagitta.Experiments.Landscapes.Curvature;
using Sagitta.Experiments.Landscapes.Slices;

namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Slices of the losses of segment networks, with running averages held fixed and recomputed for every frame.</summary>
public static class CalorimeterSlices
{
    /// <summary>Slices through the models whose curvature is known.</summary>
    public static IReadOnlyList<ModelSlice> Run(LandscapeContext context, CalorimeterModels models, FrameStock stock, IReadOnlyList<ModelCurvature> curvatures)
    {
        List<ModelSlice> slices = [];
        foreach ((ModelName name, CalorimeterModel model) in models.Leading(context.Options.ModelsPerMethod))
        {
            ModelCurvature own = curvatures.First(c => c.Model == name && c.Own);

            // Without any slope there is nothing to find eigenvectors of; those of the cross-entropy remain.
            ModelCurvature along = own.Result.Lanczos.Leading[0].Value != 0 ? own : curvatures.First(c => c.Model == name);
            bool first = !slices.Exists(s => s.Model.Method == name.Method);
            slices.AddRange(SliceAnalysis.Run(
                context,
                "calorimeter",
                name,
                model.Network.Layout,
                CalorimeterCurvature.Centre(model.Parameters),
                along.Result,
                [("fixed", () => Probe(recomputed: false)), ("recomputed", () => Probe(recomputed: true))],
                first));

            SegmentProbe Probe(bool recomputed) => new(model.Network, stock.Take("train", context.Options.Slices.Frames), recomputed, context.Threads.Count);
        }

        return slices;
    }
}
