namespace Sagitta.Experiments.Endcap;

/// <summary>A sector of an endcap: several muons in three dimensions, stereo strips, a measured field.</summary>
internal sealed class EndcapSystem : TrackingSystem
{
    /// <inheritdoc />
    public override string Name => "endcap";

    /// <inheritdoc />
    public override IReadOnlyList<SystemVerb> Verbs { get; } = [.. EndcapVerbs.All, EndcapOptimiseVerb.Verb];

    /// <inheritdoc />
    public override object Configuration => new EndcapExperiment();

    /// <inheritdoc />
    public override IReadOnlyList<Func<int, double, BenchmarkGroup>> Benchmarks { get; } = [(_, _) => new EndcapBenchmark()];

    /// <inheritdoc />
    public override bool IsDetector(string pathOrName)
    {
        try
        {
            return EndcapDetector.Load(pathOrName).Planes.Count > 0;
        }
        catch (BadInputException)
        {
            return false;
        }
    }
}
