namespace Sagitta.Experiments.Calorimeter;

/// <summary>The digital tracking calorimeter: protons whose hits in pixel layers are joined by an exact assignment.</summary>
internal sealed class CalorimeterSystem : TrackingSystem
{
    /// <inheritdoc />
    public override string Name => "calorimeter";

    /// <inheritdoc />
    public override IReadOnlyList<SystemVerb> Verbs { get; } =
        [.. CalorimeterModelVerbs.All, .. CalorimeterTrackVerbs.All, .. CalorimeterEventVerbs.All, CalorimeterImageVerb.Image,
            CalorimeterTomographyVerb.Verb];

    /// <inheritdoc />
    public override object Configuration => new CalorimeterExperiment();

    /// <inheritdoc />
    public override LandscapeSystem Landscape { get; } = new CalorimeterLandscape();

    /// <inheritdoc />
    public override IReadOnlyList<Func<int, double, BenchmarkGroup>> Benchmarks { get; } =
        [(threads, _) => CalorimeterBenchmark.Create(threads)];

    /// <inheritdoc />
    public override bool IsDetector(string pathOrName)
    {
        try
        {
            return TrackingCalorimeterFile.Load(pathOrName).Name.Length > 0;
        }
        catch (BadInputException)
        {
            return false;
        }
    }
}
