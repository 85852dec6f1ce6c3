namespace Sagitta.Experiments.Muon;

/// <summary>The muon spectrometer: hits of planes in stations, scored by a network, clustered and fitted with a circle.</summary>
internal sealed class MuonSystem : TrackingSystem
{
    /// <inheritdoc />
    public override string Name => "muon";

    /// <inheritdoc />
    public override IReadOnlyList<SystemVerb> Verbs { get; } =
    [
        MuonReproduceVerb.Verb, .. MuonModelVerbs.All, .. MuonTrackVerbs.All, .. MuonEventVerbs.All, MuonAlignVerb.Verb,
            MuonOptimiseVerb.Verb,
    ];

    /// <inheritdoc />
    public override object Configuration => new MuonExperiment();

    /// <inheritdoc />
    public override LandscapeSystem Landscape { get; } = new MuonLandscape();

    /// <inheritdoc />
    public override IReadOnlyList<Func<int, double, BenchmarkGroup>> Benchmarks { get; } =
        [MuonBenchmark.Create, (_, _) => FitBenchmark.Create()];

    /// <inheritdoc />
    public override bool IsDetector(string pathOrName)
    {
        try
        {
            return DetectorFile.Load(pathOrName).Planes.Count > 0;
        }
        catch (BadInputException)
        {
            return false;
        }
    }
}
