namespace Sagitta.Experiments.Runs;

/// <summary>One check of a validation.</summary>
/// <param name="Name">What is checked.</param>
/// <param name="Value">What was found.</param>
/// <param name="Bound">What it had to be, in words.</param>
/// <param name="Holds">Whether it is so.</param>
internal sealed record CheckSummary(string Name, double Value, string Bound, bool Holds);
