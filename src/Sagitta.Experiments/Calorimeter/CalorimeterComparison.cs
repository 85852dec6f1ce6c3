namespace Sagitta.Experiments.Calorimeter;

/// <summary>What a run found.</summary>
/// <param name="Experiment">Its configuration.</param>
/// <param name="Samples">Test samples.</param>
/// <param name="Models">Trained models, in the order of training.</param>
/// <param name="LargestBend">The follower's setting.</param>
/// <param name="Example">A test frame to draw.</param>
internal sealed record CalorimeterComparison(
    CalorimeterExperiment Experiment,
    IReadOnlyList<CalorimeterSampleResult> Samples,
    IReadOnlyList<CalorimeterModel> Models,
    double LargestBend,
    CalorimeterFrame? Example);
