namespace Sagitta.Experiments.Results;

/// <summary>A paired difference between two methods, written under "First minus Second".</summary>
/// <param name="First">Name of the method that is compared.</param>
/// <param name="Second">Name of the method that it is compared with.</param>
/// <param name="Metrics">Differences by the name of the metric, such as "auc" or "coreWidth".</param>
public sealed record DifferenceSummary(string First, string Second, IReadOnlyList<(string Metric, Interval Difference)> Metrics);
