namespace Sagitta.Experiments.Validation;

/// <summary>What a validation came to.</summary>
/// <param name="Checks">Each quantity against its bound.</param>
/// <param name="Report">The same for readers, with histograms.</param>
internal sealed record ValidationResult(IReadOnlyList<CheckSummary> Checks, Report Report)
{
    /// <summary>Whether all hold.</summary>
    public bool Holds => Checks.All(check => check.Holds);
}
