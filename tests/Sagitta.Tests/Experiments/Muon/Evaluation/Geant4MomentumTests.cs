namespace Sagitta.Tests.Experiments.Muon.Evaluation;

/// <summary>The truth method on Geant4 muons of one momentum each.</summary>
public sealed class Geant4MomentumTests
{
    /// <remarks>
    /// The median muon of 5 GeV has lost 8.5 MeV at the last plane (the sample's README): about +0.1 % in q/pT. The bias may differ from
    /// that loss by three standard errors of a median, 1.25 core / sqrt(5000).
    /// </remarks>
    [Theory]
    [Trait("data", "full")]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(100)]
    public void Truth_has_no_bias_beyond_the_loss_of_energy_and_a_core_within_half_of_the_limit(int pt)
    {
        using WorkerThreads threads = new(2);
        MuonChain chain = new(SmallMuonRun.Experiment, SmallMuonRun.Detector);
        DepositSet deposits = Geant4Deposits.Read(
            SmallMuonRun.Detector,
            TestData.Full("geant4-toy16", $"fixed{pt}_hits.csv.gz"),
            TestData.Full("geant4-toy16", $"fixed{pt}_truth.csv.gz"));
        EventSet events = DepositDigitisation.Digitise(
            SmallMuonRun.Detector, deposits, new() { Background = new() { KHzPerCm2 = [0] } }, 1);
        MuonMethodResult truth = new MuonEvaluation(chain, threads).Truth(events);
        double limit = chain.Limit.Relative(pt);
        double core = truth.Resolution.CoreWidth * limit;
        double bias = truth.Resolution.Bias * limit;
        double loss = 0.5 * 0.0085 / pt;
        Assert.Equal(5000, truth.Resolution.Attempted);
        Assert.InRange(core, 0.3 * limit, 1.5 * limit);
        Assert.InRange(bias, loss - (3 * 1.25 * core / Math.Sqrt(5000)) - loss, loss + (3 * 1.25 * core / Math.Sqrt(5000)) + loss);
    }
}
