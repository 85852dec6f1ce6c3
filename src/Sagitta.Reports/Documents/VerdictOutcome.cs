namespace Sagitta.Reports.Documents;

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
