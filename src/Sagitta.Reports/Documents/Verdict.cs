namespace Sagitta.Reports.Documents;

/// <summary>A box that says in words, and claim by claim, what the numbers of the report come to.</summary>
/// <param name="Outcome">Of the whole.</param>
/// <param name="Headline">In a sentence.</param>
internal sealed record Verdict(VerdictOutcome Outcome, string Headline) : Block
{
    /// <summary>Some more sentences, with the inline notation of <see cref="Paragraph"/>.</summary>
    public string Text { get; init; } = "";
    public IReadOnlyList<Claim> Claims { get; init; } = [];

    /// <summary>Holds if every claim does, fails if any fails, else it is undecided.</summary>
    public static VerdictOutcome Whole(IEnumerable<VerdictOutcome> claims)
    {
        VerdictOutcome whole = VerdictOutcome.Holds;
        foreach (VerdictOutcome claim in claims)
        {
            whole = claim == VerdictOutcome.Holds || whole == VerdictOutcome.Fails ? whole : claim;
        }

        return whole;
    }
}

/// <summary>What the numbers say of a claim.</summary>
public enum VerdictOutcome
{
    /// <summary>The claim holds.</summary>
    Holds,
    /// <summary>The claim does not hold.</summary>
    Fails,
    /// <summary>The numbers do not decide it.</summary>
    Undecided,
}

/// <summary>One claim of a verdict with the numbers that decide it.</summary>
/// <param name="Statement">What is claimed.</param>
/// <param name="Measured">What was measured, as text with its uncertainty.</param>
/// <param name="Bound">What it had to be.</param>
/// <param name="Outcome">Whether it is so.</param>
internal sealed record Claim(string Statement, string Measured, string Bound, VerdictOutcome Outcome);

/// <summary>Writes a verdict as HTML; its outcome is in words and signs as well as in colour.</summary>
internal static class VerdictWriter
{
    public static void Write(MarkupWriter writer, Verdict verdict)
    {
        writer.Start("section", "verdict " + ClassName(verdict.Outcome)).Line()
            .Start("p", "headline").Element("span", "sign", Sign(verdict.Outcome)).Text(" ");
        InlineText.WriteHtml(writer, verdict.Headline);
        writer.End().Line();
        if (verdict.Text.Length > 0)
        {
            writer.Start("p");
            InlineText.WriteHtml(writer, verdict.Text);
            writer.End().Line();
        }

        if (verdict.Claims.Count > 0)
        {
            writer.Start("div", "scroll").Start("table", "claims").Start("thead").Start("tr");
            foreach (string header in (ReadOnlySpan<string>)["", "Claim", "Measured", "Bound"])
            {
                writer.Start("th").Attribute("scope", "col").Text(header).End();
            }

            writer.End().End().Line().Start("tbody").Line();
            foreach (Claim claim in verdict.Claims)
            {
                writer.Start("tr", ClassName(claim.Outcome)).Start("td", "sign").Attribute("title", Word(claim.Outcome)).Text(
                    Sign(claim.Outcome)).End();
                foreach (string text in (ReadOnlySpan<string>)[claim.Statement, claim.Measured, claim.Bound])
                {
                    writer.Start("td");
                    InlineText.WriteHtml(writer, text);
                    writer.End();
                }

                writer.End().Line();
            }

            writer.End().End().End().Line();
        }

        writer.End().Line();
    }

    private static string ClassName(VerdictOutcome outcome) => outcome switch
    {
        VerdictOutcome.Holds => "holds",
        VerdictOutcome.Fails => "fails",
        _ => "undecided",
    };

    private static string Word(VerdictOutcome outcome) => outcome switch
    {
        VerdictOutcome.Holds => "holds",
        VerdictOutcome.Fails => "does not hold",
        _ => "not decided",
    };

    private static string Sign(VerdictOutcome outcome) => outcome switch
    {
        VerdictOutcome.Holds => "✓",
        VerdictOutcome.Fails => "✗",
        _ => "?",
    };
}
