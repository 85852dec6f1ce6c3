namespace Sagitta.Tests.Tracking.Classical;

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
        DepositSet deposits = Geant4Deposits.Read(detector, TestData.Full("geant4-toy16", "ref_hits.csv.gz"),
            TestData.Full("geant4-toy16", "ref_truth.csv.gz"), end: 2000);
        Check(detector, deposits, background, found: 0.99, purity: 0.9);
    }

    // Found: a selection of at least ten planes of which nine in ten hits are the muon's.
    private static void Check(Detector detector, DepositSet deposits, double background, double found, double purity)
    {
        EventSet events = DepositDigitisation.Digitise(
            detector, deposits, new() { Background = new() { KHzPerCm2 = [background] } }, seed: 3);
        using ClassicalMethod method = new(detector);
        int good = 0, selected = 0, correct = 0;
        for (int e = 0; e < events.Count; e++)
        {
            int first = events.HitOffsets[e];
            double[] weights = new double[events.HitOffsets[e + 1] - first];
            method.Select(events.Hits, e, weights);
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

        Assert.True(good >= found * events.Count && correct >= purity * selected,
            $"background {background}: {good} of {events.Count} found, purity {(double)correct / selected:F4}");
    }

    [Fact]
    public void An_event_without_hits_has_no_track()
    {
        using ClassicalMethod method = new(ToyDetector.TwoStations);
        Assert.False(method.Select(HandmadeEvent.Of([], _ => true).Events.Hits, 0, []));
    }

    [Fact]
    public void Strips_of_a_cluster_that_background_touches_are_taken_within_the_window_alone()
    {
        // Background goes on from the muon's two strips of plane 5, without a gap, to 3 mm beside the track.
        (EventSet events, bool[] near) = HandmadeEvent.Of(
            [.. HandmadeEvent.Line(0, 16, 10, 0), .. Enumerable.Range(1, 7).Select(strip => (5, (float)(10.2 + (0.4 * strip))))],
            hit => Math.Abs(hit.Y - 10) < 0.8);
        Assert.Equal(near.Select(n => n ? 1.0 : 0), Selected(events));
    }

    [Fact]
    public void A_plane_comes_back_that_no_segment_had_and_one_that_lies_too_far_is_given_up()
    {
        // The cluster of plane 2 is pulled 3 mm away by background, beyond a segment's tolerance; the strips of plane 6 are 0.6 and 0.7 mm
        // off, within the window.
        (EventSet events, bool[] kept) = HandmadeEvent.Of(
            [
                .. HandmadeEvent.Line(0, 16, 10, 0).Where(hit => hit.Plane != 6),
                .. Enumerable.Range(1, 15).Select(strip => (2, (float)(10.2 + (0.4 * strip)))),
                (6, 10.6f), (6, 10.7f),
            ],
            hit => hit.Plane != 6 && Math.Abs(hit.Y - 10) < 0.7);
        Assert.Equal(kept.Select(k => k ? 1.0 : 0), Selected(events));
    }

    [Fact]
    public void Choosing_with_all_hits_alike_is_selecting_and_may_be_done_again()
    {
        (EventSet events, _) = HandmadeEvent.Of([.. HandmadeEvent.Line(0, 16, 10, 0), .. HandmadeEvent.Line(0, 16, 60, 0)], _ => true);
        double[] likely = [.. events.HitY.Select(y => y > 30 ? 1.0 : 0.5)];
        double[] chosen = new double[likely.Length];
        double[] again = new double[likely.Length];
        using ClassicalMethod method = new(ToyDetector.TwoStations);
        Assert.Throws<InvalidOperationException>(() => method.Choose(likely, chosen));
        method.Search(events.Hits, 0);
        Assert.True(method.Choose(likely, chosen));
        Assert.Equal(events.HitY.Select(y => y > 30 ? 1.0 : 0), chosen);
        Assert.True(method.Choose([], again));
        Assert.Equal(Selected(events), again);
        Assert.True(method.Choose(likely, again));
        Assert.Equal(chosen, again);
    }

    private static double[] Selected(EventSet events)
    {
        double[] weights = new double[events.HitCount];
        using ClassicalMethod method = new(ToyDetector.TwoStations);
        Assert.True(method.Select(events.Hits, 0, weights));
        return weights;
    }
}
