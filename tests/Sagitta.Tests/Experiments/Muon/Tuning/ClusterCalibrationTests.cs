namespace Sagitta.Tests.Experiments.Muon.Tuning;

public sealed class ClusterCalibrationTests
{
    [Fact]
    public void Defaults_are_calibrated_and_a_calibration_finds_its_way_back()
    {
        using WorkerThreads threads = new(2);
        ClusterCalibration calibration = new(SmallMuonRun.Detector, 800, threads);
        Assert.Equal(1, calibration.PullCore(new()), 0.03);
        ClusterResolution wrong = new() { Constant = 0.01, SingleStrip = 0.02, Trail = 0.1 };
        ClusterResolution found = calibration.Run(wrong);
        Assert.Equal(1, calibration.PullCore(found), 1e-3);
        Assert.InRange(found.LostTrail, 0.4, 1.6);
        Assert.InRange(found.VerticalSpread, 0.2, 0.6);
    }
}
