namespace Sagitta.Reports.Documents;

/// <summary>A box that says in words, and claim by claim, what the numbers of the report come to.</summary>
/// <param name="Outcome">Of the whole.</param>
/// <param name="Headline">In a sentence.</param>
internal sealed record Verdict(VerdictOutcome Outcome, string Headline) : Block
{
    /// <summary>Some more sentences, with the inline notation of <see cref="Paragraph"/>.</summary>
    public string Text { get; init; } = "";

    /// <summary>The claims, in order.</summary>
    public IReadOnlyList<Claim> Claims { get; init; } = [];
}
