namespace Sagitta.Physics.Digitisation;

/// <summary>What is added to deposits and how they are read; detector properties are in the detector file.</summary>
internal sealed record DigitisationOptions
{
    /// <summary>Background within the road.</summary>
    public BackgroundOptions Background { get; init; } = new();

    /// <summary>The whole event moves in y by a uniform draw of up to this much to either side, mm.</summary>
    public double EventShift { get; init; } = 100;

    /// <summary>
    /// If above 0, no digitiser and no background: each crossing of the muon is one hit of charge 1 with this Gaussian error, mm.
    /// </summary>
    public double Smear { get; init; }
}
