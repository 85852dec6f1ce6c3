using BenchmarkDotNet.Attributes;

namespace Sagitta.Benchmarks.Simulation;

/// <summary>One deposit onto strips: the vector code and the scalar code that it is held to.</summary>
public class IonisationBenchmarks
{
    private readonly DrawBuffer _draws = new(2);
    private readonly StripPlane _strips = new();
    private readonly Ionisation _ionisation = new(Digitiser.LabelDistance);
    private DriftGap _gap = null!;

    /// <summary>Energy of the deposit; about 37 electrons a keV.</summary>
    [Params(1, 5, 50)]
    public double KiloElectronVolt { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        Detector detector = DetectorFile.Load("toy16");
        _gap = new(detector.Planes[0], detector.GasOf(detector.Planes[0]));
        _draws.Restart(RandomKey.FromSeed(1));
        _strips.Begin(0.4, 0.3, 0, 150);
    }

    [Benchmark]
    public void Vector() => _ionisation.Deposit(_gap, -0.4f, 0.4f, -2.5f, 2.5f, (float)KiloElectronVolt, 0, float.PositiveInfinity, _draws,
        _strips);

    [Benchmark(Baseline = true)]
    public void Scalar() => _ionisation.DepositOneByOne(
        _gap, -0.4f, 0.4f, -2.5f, 2.5f, (float)KiloElectronVolt, 0, float.PositiveInfinity, _draws, _strips);
}
