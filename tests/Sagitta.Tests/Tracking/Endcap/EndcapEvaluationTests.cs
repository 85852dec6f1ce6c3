namespace Sagitta.Tests.Tracking.Endcap;

public sealed class EndcapEvaluationTests
{
    // Two muons with a hit on each of 20 planes, and a hit of background on each.
    private static readonly EndcapEvents _events = new()
    {
        Offsets = [0, 60],
        Number = [3],
        Plane = [.. Enumerable.Range(0, 60).Select(h => (byte)(h / 3))],
        U = new float[60],
        Charge = new float[60],
        Time = new float[60],
        Label = [.. Enumerable.Range(0, 60).Select(h => (short)((h % 3) - 1))],
        MuonOffsets = [0, 2],
        Muons = [new(0, 0, 0, 0.3, 0.1), new(0, 0, 0, 0.3, -0.05)],
        Crossings = new float[40],
        IsClosePair = [true],
    };

    [Fact]
    public void Found_muon_fake_and_clone_are_counted_by_double_majority()
    {
        EndcapEvaluation evaluation = new(_events, _ => 0.01);

        // Muon 0 on 20 planes, muon 0 on 11 planes, muon 1 on only 10 of its 20 planes, background.
        Assert.Equal([0, 0, -1, -1], evaluation.Add(0, [Track(0, 20, 0.12), Track(0, 11, 0.1), Track(1, 10, 0.1), Track(-1, 20, 0.1)]));
        EndcapMetrics metrics = evaluation.Result("x");
        Assert.Equal(0.5, metrics.Efficiency);
        Assert.Equal(0.5, metrics.FakeRate);
        Assert.Equal(0.25, metrics.CloneRate);
        Assert.Equal(0.5, metrics.ByMuons[2].Efficiency);
        Assert.Equal(0, metrics.ByMuons[2].AllFound);
        Assert.Equal(0.5, metrics.ClosePairs.Efficiency);
        Assert.Equal(2, metrics.Bias, 1e-9);
    }

    [Fact]
    public void Wrong_charge_and_both_found_are_counted()
    {
        EndcapEvaluation evaluation = new(_events, _ => 0.01);
        evaluation.Add(0, [Track(0, 20, -0.1), Track(1, 20, -0.05)]);
        EndcapMetrics metrics = evaluation.Result("x");
        Assert.Equal(0.5, metrics.ChargeMisidentification);
        Assert.Equal(1, metrics.ClosePairs.AllFound);
        Assert.Equal(0, metrics.FakeRate);
    }

    private static EndcapTrack Track(int label, int planes, double qOverP) => new(3, 0,
        new(SolveStatus.Converged, new(0, 0, 0, 0.3, qOverP), [.. Enumerable.Repeat(1e-4, 15)], 1, planes),
        [.. Enumerable.Range(0, 20).Select(p => p < planes ? ((3 * p) + label + 1, (3 * p) + label + 2) : (0, 0))]);
}
