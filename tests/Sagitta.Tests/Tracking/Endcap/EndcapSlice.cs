namespace Sagitta.Tests.Tracking.Endcap;

/// <summary>The committed Geant4 muons of the endcap, digitised.</summary>
internal static class EndcapSlice
{
    public static string Detector { get; } = TestData.InRepository("detectors", "endcap.yaml");

    private static readonly Lazy<EndcapReconstruction> _chain = new(() => new(EndcapDetector.Load(Detector)));
    private static readonly Lazy<EndcapDeposits> _deposits = new(() =>
        EndcapDepositReader.Read(Chain.Geometry, File("test150_hits.csv.gz"), File("test150_truth.csv.gz")));

    public static EndcapReconstruction Chain => _chain.Value;

    public static EndcapDeposits Deposits => _deposits.Value;

    public static string File(string name) => TestData.InRepository("data", "geant4-endcap", name);

    public static EndcapEvents Digitised(double flux, ulong seed = 1) =>
        EndcapDigitiser.Digitise(Chain.Geometry, Deposits, new() { Background = new() { KHzPerCm2 = [flux] } }, seed);
}
