namespace Sagitta.Reports.Documents;

/// <summary>A box that says in words, and claim by claim, what the numbers of the report come to.</summary>
internal sealed record Verdict(VerdictOutcome Outcome, string Headline) : Block
{
    /// <summary>Some more sentences, with the inline notation of <see cref="Paragraph"/>.</summary>
    public string Text { get; init; } = "";
    public IReadOnlyList<Claim> Claims { get; init; } = [];

    /// <summary>Holds if every claim does, fails if any fails, else it is undecided.</summary>
    public static VerdictOutcome Whole(IEnumerable<VerdictOutcome> claims) => claims.ToHashSet() switch
    {
        var found when found.Contains(VerdictOutcome.Fails) => VerdictOutcome.Fails,
        var found when found.Contains(VerdictOutcome.Undecided) => VerdictOutcome.Undecided,
        _ => VerdictOutcome.Holds,
    };
}

/// <summary>What the numbers say of a claim.</summary>
internal enum VerdictOutcome
{
    Holds,
    Fails,
    /// <summary>The numbers do not decide it.</summary>
    Undecided,
}

/// <summary>One claim of a verdict: what was measured, with its uncertainty, and what it had to be.</summary>
internal sealed record Claim(string Statement, string Measured, string Bound, VerdictOutcome Outcome);

/// <summary>Writes a verdict as HTML; its outcome is in words and signs as well as in colour.</summary>
internal static class VerdictWriter
{
    public static void Write(MarkupWriter writer, Verdict verdict)
    {
        // Words above must match the claims below: of a verdict that fails some of its claims may hold.
        (string className, string word, string sign) = verdict.Outcome == VerdictOutcome.Fails
            && verdict.Claims.Any(claim => claim.Outcome == VerdictOutcome.Holds) ? ("undecided", "holds in part", "◐")
            : Signs(verdict.Outcome);
        writer.Start("section", "verdict " + className).Line()
            .Start("p", "headline").Element("span", "sign", $"{sign} {word}").Text(": ").Inline(verdict.Headline).End().Line();
        if (verdict.Text.Length > 0)
        {
            writer.Start("p").Inline(verdict.Text).End().Line();
        }

        if (verdict.Claims.Count > 0)
        {
            writer.Start("div", "scroll").Attribute("tabindex", "0").Attribute("role", "region").Attribute("aria-label", "Claims")
                .Start("table", "claims").Start("thead").Start("tr");
            foreach (string header in (ReadOnlySpan<string>)["Outcome", "Claim", "Measured", "Bound"])
            {
                writer.Start("th").Attribute("scope", "col").Text(header).End();
            }

            writer.End().End().Line().Start("tbody").Line();
            foreach (Claim claim in verdict.Claims)
            {
                (className, word, sign) = Signs(claim.Outcome);
                writer.Start("tr", className).Start("td", "sign").Text($"{sign} {word}").End()
                    .Start("td").Inline(claim.Statement).End().Start("td").Inline(claim.Measured).End()
                    .Start("td").Inline(claim.Bound).End().End().Line();
            }

            writer.End().End().End().Line();
        }

        writer.End().Line();
    }

    private static (string ClassName, string Word, string Sign) Signs(VerdictOutcome outcome) => outcome switch
    {
        VerdictOutcome.Holds => ("holds", "holds", "✓"),
        VerdictOutcome.Fails => ("fails", "does not hold", "✗"),
        _ => ("undecided", "not decided", "?"),
    };
}
