namespace Sagitta.Tracking.Muon;

/// <summary>Which simulated events a muon experiment draws. Training, validation and test events have disjoint seeds.</summary>
internal sealed record MuonDataOptions
{
    /// <summary>Events to train on.</summary>
    public int Training { get; init; } = 20_000;

    /// <summary>Transverse momenta of the training muons: a mixture. Validation and test muons are flat in 5 to 100 GeV whatever it
    /// is.</summary>
    public IReadOnlyList<MomentumComponent> TrainingMomentum { get; init; } = [new()];

    /// <summary>Events to choose readings and check progress on.</summary>
    public int Validation { get; init; } = 4_000;

    /// <summary>Events of the simulated test sample.</summary>
    public int Test { get; init; } = 10_000;

    /// <summary>Events in which muons found are counted, block by block; at a flux that is not here they are counted in the test samples
    /// alone.</summary>
    public IReadOnlyList<MuonFluxEvents> Efficiency { get; init; } = [];

    /// <summary>Events without a muon at each test flux, in which accepted tracks are counted; 0 counts none.</summary>
    public int WithoutMuon { get; init; } = 2_000;

    /// <summary>Muons at each test flux from 3 to 100 GeV, flat in the logarithm, of which trigger curves and a falling spectrum are made;
    /// 0 makes none.</summary>
    public int Spectrum { get; init; } = 4_000;

    /// <summary>Fluxes of the training events in kHz/cm2, each for an equal share: a single one, or a stated mixture.</summary>
    public IReadOnlyList<double> TrainingBackgrounds { get; init; } = [5];

    /// <summary>Flux of validation events, kHz/cm2.</summary>
    public double ValidationBackground { get; init; } = 5;

    /// <summary>Fluxes of the test samples, kHz/cm2.</summary>
    public IReadOnlyList<double> TestBackgrounds { get; init; } = [5];
}
