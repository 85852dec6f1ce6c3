namespace Sagitta.Experiments.Muon.Comparison;

/// <summary>One claim about one sample with the numbers that decide it.</summary>
/// <param name="Name">What is claimed, the same for all samples: "core narrower than factorised".</param>
/// <param name="Sample">Name of the sample.</param>
/// <param name="Measured">The quantity, with its 95 % interval where it has one.</param>
/// <param name="Format">How its numbers are written.</param>
/// <param name="Bound">What it had to be, in words.</param>
/// <param name="Outcome">Whether it is so.</param>
internal sealed record MuonClaim(string Name, string Sample, PairedDifference Measured, string Format, string Bound, VerdictOutcome Outcome)
{
    /// <summary>A claim that an interval lies below a bound.</summary>
    public static MuonClaim Below(string name, string sample, PairedDifference measured, double bound, string format, string words) =>
        new(name, sample, measured, format, words, measured.High < bound ? VerdictOutcome.Holds : measured.Low >= bound
            ? VerdictOutcome.Fails : VerdictOutcome.Undecided);

    /// <summary>A claim that an interval lies above a bound.</summary>
    public static MuonClaim Above(string name, string sample, PairedDifference measured, double bound, string format, string words) =>
        new(name, sample, measured, format, words, measured.Low > bound ? VerdictOutcome.Holds : measured.High <= bound
            ? VerdictOutcome.Fails : VerdictOutcome.Undecided);

    /// <summary>A claim about the value itself, its interval shown beside it.</summary>
    public static MuonClaim Value(string name, string sample, PairedDifference measured, bool holds, string format, string words) =>
        new(name, sample, measured, format, words, holds ? VerdictOutcome.Holds : VerdictOutcome.Fails);
}
