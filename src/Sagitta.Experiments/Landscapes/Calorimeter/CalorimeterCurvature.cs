namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>The Hessians of segment networks: of the cross-entropy at every model, and of the Hamming loss with slopes held where that is
/// what the model was trained on.</summary>
internal static class CalorimeterCurvature
{
    /// <summary>Kinds of analyses: leading eigenpairs alone, or with trace, density and power iteration.</summary>
    public const string Leading = "calorimeter eigenpairs", Whole = "calorimeter curvature";

    /// <summary>
    /// Analyses one model: the loss that it was trained on, and the cross-entropy too where <paramref name="whole"/> asks for all or the
    /// own loss has no slope, so that eigenvectors exist for slices.
    /// </summary>
    public static IEnumerable<ModelCurvature> Of(LandscapeContext context, ModelName name, CalorimeterModel model, FrameStock stock,
        bool whole)
    {
        bool joint = name.Method != "ptt";
        ModelCurvature? own = joint ? new(name, "Hamming, slopes held", Own: true, One(context, name, model, stock, hamming: true, whole))
            : null;
        if (whole || own is null || own.Result.Lanczos.Leading[0].Value == 0)
        {
            yield return new(name, "cross-entropy", !joint, One(context, name, model, stock, hamming: false, whole));
        }

        if (own is not null)
        {
            yield return own;
        }
    }

    private static CurvatureResult One(LandscapeContext context, ModelName name, CalorimeterModel model, FrameStock stock, bool hamming,
        bool whole)
    {
        string loss = hamming ? "hamming" : "cross-entropy";
        return context.Analyse(whole ? Whole : Leading, $"calorimeter-curvature-{name.Slug}-{loss}",
            context.Origin(context.Options.Curvature, name.Fingerprint, loss, whole ? "whole" : "leading"), () =>
        {
            IReadOnlyList<LandscapeFrame> frames = stock.Take("train", context.Options.Curvature.Frames);
            double[] centre = ParameterSpace.Vector(model.Parameters);
            IReadOnlyList<double[]>? slopes = hamming ? AssignmentSlopes.At(
                model.Network, centre, frames, model.Method.Assignment, context.Threads) : null;
            using SegmentScoreLoss objective = new(model.Network, frames, context.Threads, slopes);
            using IStageProgress stage = context.Progress.Begin($"curvature of {loss}, {name}", 0, "products");
            CurvatureResult result = CurvatureAnalysis.Run(
                objective, centre, context.Options.Curvature, whole, context.Key.Split("curvature").Split(name.Slug), stage, context.Stop);
            return hamming ? result with { ActiveFrames = objective.ActiveFrames } : result;
        });
    }
}
