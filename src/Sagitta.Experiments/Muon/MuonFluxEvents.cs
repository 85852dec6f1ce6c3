namespace Sagitta.Experiments.Muon;

/// <summary>How many events to simulate at one flux.</summary>
public sealed record MuonFluxEvents
{
    /// <summary>Background flux, kHz/cm2.</summary>
    public double Background { get; init; } = 5;

    /// <summary>Events.</summary>
    public int Events { get; init; }
}
