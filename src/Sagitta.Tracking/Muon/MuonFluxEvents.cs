namespace Sagitta.Tracking.Muon;

/// <summary>In how many events muons are counted at one flux.</summary>
internal sealed record MuonFluxEvents
{
    /// <summary>Background flux, kHz/cm2.</summary>
    public double Background { get; init; } = 5;

    /// <summary>Simulated events.</summary>
    public int Events { get; init; }

    /// <summary>Times that each Geant4 muon of a test sample is digitised anew, in other background; 0 counts these in the test sample
    /// alone.</summary>
    public int Overlays { get; init; }
}
