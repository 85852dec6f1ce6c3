using Sagitta.Physics.Deposits;
using Sagitta.Physics.Detectors;
using Sagitta.Physics.Digitisation;
using Sagitta.Physics.Events;
using Sagitta.Reconstruction.Classical;

namespace Sagitta.Tests.Reconstruction.Classical;

public sealed class ClassicalMethodTests
{
    [Theory]
    [InlineData(0, 0.99, 0.97)]
    [InlineData(5, 0.98, 0.95)]
    public void Muons_of_the_full_simulation_are_found(double background, double found, double purity)
    {
        Detector detector = DetectorFile.Load("toy16");
        DepositSet deposits = Geant4Deposits.Read(
            detector,
            TestData.InRepository("data", "geant4-toy16", "slice_hits.csv.gz"),
            TestData.InRepository("data", "geant4-toy16", "slice_truth.csv.gz"),
            end: 300);
        Check(detector, deposits, background, found, purity);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(20)]
    [Trait("data", "full")]
    public void Muons_of_the_full_sample_are_found(double background)
    {
        Detector detector = DetectorFile.Load("toy16");
        DepositSet deposits = Geant4Deposits.Read(detector, TestData.Full("geant4-toy16", "ref_hits.csv.gz"), TestData.Full("geant4-toy16", "ref_truth.csv.gz"), end: 2000);
        Check(detector, deposits, background, found: 0.99, purity: 0.9);
    }

    // Found: a selection of at least ten planes of which nine in ten hits are the muon's.
    private static void Check(Detector detector, DepositSet deposits, double background, double found, double purity)
    {
        EventSet events = DepositDigitisation.Digitise(detector, deposits, new() { Background = new() { KHzPerCm2 = [background] } }, seed: 3);
        using ClassicalMethod method = new(detector);
        int good = 0, selected = 0, correct = 0;
        for (int e = 0; e < events.Count; e++)
        {
            int first = events.HitOffsets[e];
            double[] weights = new double[events.HitOffsets[e + 1] - first];
            method.Select(events, e, weights);
            HashSet<int> planes = [];
            int chosen = 0, muon = 0;
            for (int j = 0; j < weights.Length; j++)
            {
                if (weights[j] > 0)
                {
                    chosen++;
                    muon += events.LabelHit[first + j];
                    planes.Add(events.HitPlane[first + j]);
                }
            }

            selected += chosen;
            correct += muon;
            good += planes.Count >= 10 && muon >= 0.5 * chosen ? 1 : 0;
        }

        Assert.True(good >= found * events.Count && correct >= purity * selected, $"background {background}: {good} of {events.Count} found, purity {(double)correct / selected:F4}");
    }

    [Fact]
    public void An_event_without_hits_has_no_track()
    {
        Detector detector = DetectorFile.Load("toy16");
        EventSet events = DepositDigitisation.Digitise(detector, new DepositSet(16), new(), seed: 3);
        Assert.Equal(0, events.Count);
    }
}
