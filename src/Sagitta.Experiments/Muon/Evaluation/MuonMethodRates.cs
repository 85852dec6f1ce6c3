namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>What one method accepts where momentum falls steeply or where there is no muon.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Seed">Seed of the network; 0 for methods without one.</param>
/// <param name="Acceptance">The cut at which it keeps the share of muons that all methods keep.</param>
/// <param name="FakeShare">Share of events without a muon in which a track is accepted.</param>
/// <param name="FakeRate">The same as a rate, kHz: divided by the readout window.</param>
/// <param name="TurnOn">Turn-on curves, one for each threshold of <see cref="MuonRates.Thresholds"/>.</param>
/// <param name="Spectrum">Accepted shares of the falling spectrum, one for each threshold.</param>
internal sealed record MuonMethodRates(
    string Method,
    ulong Seed,
    TrackAcceptance Acceptance,
    double FakeShare,
    double FakeRate,
    IReadOnlyList<IReadOnlyList<TurnOnBin>> TurnOn,
    IReadOnlyList<SpectrumShares> Spectrum);
