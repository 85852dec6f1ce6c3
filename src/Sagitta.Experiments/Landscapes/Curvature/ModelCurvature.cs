namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>The curvature of one loss at one model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Loss">"cross-entropy", "Hamming, slopes held", "composite".</param>
/// <param name="Own">Whether this is the loss that the model was trained on.</param>
/// <param name="Result">What was found.</param>
internal sealed record ModelCurvature(ModelName Model, string Loss, bool Own, CurvatureResult Result);
