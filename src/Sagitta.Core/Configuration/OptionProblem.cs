namespace Sagitta.Core.Configuration;

/// <summary>A value that can't be used.</summary>
/// <param name="Property">Name of the property: nameof(BatchSize).</param>
/// <param name="Problem">What is wrong: "0 events make no batch".</param>
/// <param name="Remedy">What would be right: "give 1 or more".</param>
public sealed record OptionProblem(string Property, string Problem, string Remedy);
