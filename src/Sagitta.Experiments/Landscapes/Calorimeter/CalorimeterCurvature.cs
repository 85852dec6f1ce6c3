using Sagitta.Autodiff.Tensors;
using Sagitta.Experiments.Calorimeter;
using Sagitta.Experiments.Landscapes.Curvature;
using Sagitta.Experiments.Progress;

namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>The Hessians of segment networks: of the cross-entropy at every model, and of the Hamming loss with slopes held where that is what the model was trained on.</summary>
public static class CalorimeterCurvature
{
    /// <summary>Analyses the first models of each method.</summary>
    public static IReadOnlyList<ModelCurvature> Run(LandscapeContext context, CalorimeterModels models, FrameStock stock)
    {
        List<ModelCurvature> results = [];
        foreach ((ModelName name, CalorimeterModel model) in models.Leading(context.Options.ModelsPerMethod))
        {
            bool whole = !results.Exists(r => r.Model.Method == name.Method);
            bool joint = name.Method != "ptt";
            results.Add(new(name, "cross-entropy", !joint, One(context, name, model, stock, hamming: false, whole)));
            if (joint)
            {
                results.Add(new(name, "Hamming, slopes held", Own: true, One(context, name, model, stock, hamming: true, whole)));
            }
        }

        return results;
    }

    /// <summary>The parameters of a model in double precision.</summary>
    public static double[] Centre(ParameterVector<float> parameters)
    {
        double[] centre = new double[parameters.Values.Length];
        for (int i = 0; i < centre.Length; i++)
        {
            centre[i] = parameters.Values[i];
        }

        return centre;
    }

    private static CurvatureResult One(LandscapeContext context, ModelName name, CalorimeterModel model, FrameStock stock, bool hamming, bool whole)
    {
        string loss = hamming ? "hamming" : "cross-entropy";
        return context.Store.Get($"calorimeter-curvature-{name.Slug}-{loss}", context.Origin(context.Options.Curvature, name.Fingerprint, loss, whole ? "whole" : "leading"), () =>
        {
            IReadOnlyList<LandscapeFrame> frames = stock.Take("train", context.Options.Curvature.Frames);
            double[] centre = Centre(model.Parameters);
            IReadOnlyList<double[]>? slopes = hamming ? AssignmentSlopes.At(model.Network, centre, frames, model.Method.Assignment, context.Threads) : null;
            using SegmentScoreLoss objective = new(model.Network, frames, context.Threads, slopes);
            using IStageProgress stage = context.Progress.Begin($"curvature of {loss}, {name}", 0, "products");
            return CurvatureAnalysis.Run(objective, centre, context.Options.Curvature, whole, context.Key.Split("curvature").Split(name.Slug), stage, context.Stop);
        });
    }
}
