namespace Sagitta.Reports.Documents;

/// <summary>One claim of a verdict with the numbers that decide it.</summary>
/// <param name="Statement">What is claimed.</param>
/// <param name="Measured">What was measured, as text with its uncertainty.</param>
/// <param name="Bound">What it had to be.</param>
/// <param name="Outcome">Whether it is so.</param>
internal sealed record Claim(string Statement, string Measured, string Bound, VerdictOutcome Outcome);
