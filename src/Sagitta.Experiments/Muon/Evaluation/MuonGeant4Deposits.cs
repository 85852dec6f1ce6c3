namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>The deposits of a Geant4 sample, read once and when they are needed, and the events that background makes of them.</summary>
internal sealed class MuonGeant4Deposits(MuonGeant4Sample sample, Detector detector, ulong seed)
{
    private readonly Lazy<DepositSet> _deposits = new(() => Geant4Deposits.Read(detector, sample.Hits, sample.Truth, sample.FirstEvent));

    public MuonGeant4Sample Sample => sample;

    /// <summary>Muons; reads the file.</summary>
    public int Count => _deposits.Value.Count;

    /// <summary>Whether the file was read.</summary>
    public bool IsRead => _deposits.IsValueCreated;

    /// <summary>Name in tables of the events at a flux in kHz/cm2.</summary>
    public string Name(double flux) => string.Create(CultureInfo.InvariantCulture, $"{sample.Name}-{flux:0.##}");

    /// <summary>All that the events at a flux depend on.</summary>
    public string Recipe(double flux)
    {
        FileInfo hits = new(sample.Hits);
        return string.Create(CultureInfo.InvariantCulture,
            $"geant4 {hits.Name} {(hits.Exists ? hits.Length : 0)} from {sample.FirstEvent}, {flux:R}, seed {seed}");
    }

    public EventSet Events(double flux, WorkerThreads threads) =>
        DepositDigitisation.Digitise(detector, _deposits.Value, Background(flux), seed, workers: threads);

    /// <summary>The test event of one number, without reading the others.</summary>
    public EventSet Event(double flux, long number) =>
        DepositDigitisation.Digitise(detector, Geant4Deposits.Read(detector, sample.Hits, sample.Truth, number, number + 1),
            Background(flux), seed);

    /// <summary>Some of the muons once more, in background that no test event and no other overlay has.</summary>
    public EventSet Overlay(double flux, int overlay, Range part, WorkerThreads threads) => DepositDigitisation.Digitise(
        detector, _deposits.Value, Background(flux), RandomKey.FromSeed(seed).Split("efficiency").Split(
            (ulong)overlay).State, workers: threads, part: part);

    private static DigitisationOptions Background(double flux) => new() { Background = new() { KHzPerCm2 = [flux] } };
}

/// <summary>Files of Geant4 deposits to test on, and of their muons; the flux is added to the name of the sample.</summary>
internal sealed record MuonGeant4Sample(string Name, string Hits, string Truth)
{
    /// <summary>First event number to use, so that events for tuning the simulation are never tested on.</summary>
    public long FirstEvent { get; init; } = 10_000;
    /// <summary>Fluxes to overlay, kHz/cm2; null for those of the simulated test samples.</summary>
    public IReadOnlyList<double>? Backgrounds { get; init; }
}
