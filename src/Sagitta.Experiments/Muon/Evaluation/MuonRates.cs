namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>Accepted tracks at one flux: of events without a muon, and of a falling spectrum.</summary>
/// <param name="Background">Flux in kHz/cm2.</param>
/// <param name="WithoutMuon">Events without a muon.</param>
/// <param name="SpectrumEvents">Muons that the spectrum is made of by weights.</param>
/// <param name="Methods">One a method and seed.</param>
internal sealed record MuonRates(double Background, int WithoutMuon, int SpectrumEvents, IReadOnlyList<MuonMethodRates> Methods)
{
    /// <summary>The share of muons that every method keeps when its accepted tracks are counted in events without one.</summary>
    public const double EqualEfficiency = 0.95;
    /// <summary>The share of events without a muon in which every method accepts a track when its muons are counted.</summary>
    public const double FixedFakes = 0.01;
    /// <summary>Lowest fitted pT of an accepted track, GeV.</summary>
    public const double LowestPt = 5;
    /// <summary>Lowest true pT of the spectrum, GeV: from below 5 there is feed-down.</summary>
    public const double SpectrumLow = 3;
    /// <summary>Highest true pT of the spectrum, GeV.</summary>
    public const double SpectrumHigh = 100;
    /// <summary>Thresholds of the trigger, GeV.</summary>
    public static IReadOnlyList<double> Thresholds { get; } = [10, 20];
    /// <summary>The spectrum: our choice.</summary>
    public static FallingSpectrum Spectrum { get; } = new();

    /// <summary>Muons that each method's cut is set by.</summary>
    public int Muons { get; init; }

    /// <summary>The results of one method in order of seed.</summary>
    public IReadOnlyList<MuonMethodRates> Of(MuonMethod method) =>
        [.. Methods.Where(m => m.Method == method).OrderBy(m => m.Seed)];

    /// <summary>Compares the methods that all three samples have: <paramref name="muons"/> sets each method's cut, which <paramref
    /// name="withoutMuon"/> is counted with.</summary>
    public static MuonRates Of(MuonChain chain, MuonSampleResult muons, MuonSampleResult withoutMuon, MuonSampleResult spectrum)
    {
        List<MuonMethodRates> methods = [];
        foreach (MuonMethodResult result in muons.Methods)
        {
            MuonMethodResult? none = withoutMuon.Methods.FirstOrDefault(m => m.Method == result.Method && m.Seed == result.Seed);
            MuonMethodResult? falling = spectrum.Methods.FirstOrDefault(m => m.Method == result.Method && m.Seed == result.Seed);
            if (none is null || falling is null)
            {
                continue;
            }

            double[] errors = ScaledErrors(chain, result, muons.Events, muon: true);
            TrackAcceptance acceptance = TrackAcceptance.At(EqualEfficiency, LowestPt, errors);
            double[] fakes = ScaledErrors(chain, none, withoutMuon.Events, muon: false);
            double share = fakes.Count(error => error <= acceptance.Cut) / (double)fakes.Length;
            double atFixedFakes = TrackAcceptance.At(FixedFakes, LowestPt, fakes).Cut;
            TrackOutcome[] outcomes = falling.Tracks.Outcomes(spectrum.Events);
            methods.Add(new(
                result.Method,
                result.Seed,
                acceptance,
                share,
                share / chain.Detector.Readout.Window * 1e6,
                [.. Thresholds.Select(threshold => TriggerTurnOn.Of(outcomes, threshold, TriggerTurnOn.Borders(threshold)))],
                [.. Thresholds.Select(threshold => Spectrum.Accepted(outcomes, threshold))])
            {
                EfficiencyAtFixedFakes = errors.Count(error => error <= atFixedFakes) / (double)errors.Length,
            });
        }

        return new(muons.Background, withoutMuon.Events.Count, spectrum.Events.Count, methods) { Muons = muons.Events.Count };
    }

    // Of the events with or without a muon; infinite below the lowest pT.
    private static double[] ScaledErrors(MuonChain chain, MuonMethodResult result, EventSet events, bool muon)
    {
        List<double> errors = [];
        for (int e = 0; e < events.Count; e++)
        {
            if ((events.TruthMuon[e] != 0) == muon)
            {
                double q = result.Tracks.QOverPt[e];
                errors.Add(Math.Abs(q) * LowestPt <= 1
                    ? TrackAcceptance.ScaledError(result.Tracks.Status[e], q, result.Tracks.QOverPtError[e], result.Tracks.ChiSquare[e],
                        result.Tracks.DegreesOfFreedom[e], chain.Limit.Sigma)
                    : double.PositiveInfinity);
            }
        }

        return [.. errors];
    }
}

/// <summary>What one method accepts where momentum falls steeply or where there is no muon.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Seed">Seed of the network; 0 for methods without one.</param>
/// <param name="Acceptance">The cut at which it keeps the share of muons that all methods keep.</param>
/// <param name="FakeShare">Share of events without a muon in which a track is accepted.</param>
/// <param name="FakeRate">The same as a rate, kHz: divided by the readout window.</param>
/// <param name="TurnOn">Turn-on curves, one for each threshold of <see cref="MuonRates.Thresholds"/>.</param>
/// <param name="Spectrum">Accepted shares of the falling spectrum, one for each threshold.</param>
internal sealed record MuonMethodRates(
    MuonMethod Method, ulong Seed, TrackAcceptance Acceptance, double FakeShare, double FakeRate,
    IReadOnlyList<IReadOnlyList<TurnOnBin>> TurnOn, IReadOnlyList<SpectrumShares> Spectrum)
{
    /// <summary>Share of muons that are kept by the cut at which tracks are accepted in <see cref="MuonRates.FixedFakes"/> of events
    /// without one.</summary>
    public double EfficiencyAtFixedFakes { get; init; } = double.NaN;
}
