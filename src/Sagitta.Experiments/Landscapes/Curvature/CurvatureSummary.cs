using System.Text.Json.Nodes;

namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>Curvatures in summary.json.</summary>
internal static class CurvatureSummary
{
    public static JsonArray Of(IEnumerable<ModelCurvature> curvatures) => [.. curvatures.Select(Entry)];

    private static JsonNode Entry(ModelCurvature curvature)
    {
        CurvatureResult result = curvature.Result;
        JsonObject entry = new()
        {
            ["method"] = curvature.Model.Method,
            ["seed"] = curvature.Model.Seed,
            ["loss"] = curvature.Loss,
            ["own"] = curvature.Own,
            ["value"] = Number(result.Loss),
            ["gradientNorm"] = Number(result.GradientNorm),
            ["dimensions"] = result.Dimensions,
            ["eigenvalues"] = Numbers(result.Lanczos.Leading.Select(p => p.Value)),
            ["residuals"] = Numbers(result.Lanczos.Leading.Select(p => p.Residual)),
            ["lowest"] = Number(result.Lanczos.Lowest),
            ["products"] = result.Lanczos.Products,
            ["converged"] = result.Lanczos.Converged,
            ["step"] = Number(result.Step.Step),
            ["productError"] = Number(result.Step.Error),
            ["leadingProductError"] = Number(result.LeadingError),
            ["asymmetry"] = Number(result.Asymmetry),
        };
        if (result.ActiveFrames is { } frames)
        {
            entry["activeFrames"] = frames;
        }

        if (result.Power is { } power)
        {
            entry["powerEigenvalues"] = Numbers(power.Leading.Select(p => p.Value));
            entry["powerProducts"] = power.Products;
            entry["powerConverged"] = power.Converged;
        }

        if (result.Trace is { } trace)
        {
            entry["trace"] = Number(trace.Value);
            entry["traceError"] = Number(trace.Error);
        }

        if (result.Density is { } density)
        {
            entry["negativeShare"] = Number(density.ShareBelow(0));
            entry["traceFromDensity"] = Number(density.Mean(x => x) * result.Dimensions);
        }

        return entry;
    }

    private static JsonArray Numbers(IEnumerable<double> values) => [.. values.Select(Number)];

    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;
}
