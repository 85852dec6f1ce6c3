namespace Sagitta.Tests.Experiments.Muon.Evaluation;

public sealed class MuonEfficiencyTests
{
    [Fact]
    public void The_gain_is_counted_event_by_event_and_its_interval_is_that_of_the_events_that_differ()
    {
        // Of 10,000 events classical misses 9, the networks 4 of these and one other: +4, from 6 events that differ, the same for both
        // seeds.
        byte[] classical = Flags(10_000, Enumerable.Range(0, 9));
        byte[] network = Flags(10_000, [0, 1, 2, 3, 50]);
        MuonEfficiency counted = new("simulation-5",
            [new(MuonMethod.Classical, 0, classical), new(MuonMethod.EndToEnd, 1, network), new(MuonMethod.EndToEnd, 2, network)]);
        Assert.Equal(10_000, counted.Attempted);
        Assert.Equal(0.9991, counted.Of(MuonMethod.Classical)[0].Share, 1e-12);
        PairedDifference gain = counted.Difference(MuonMethod.EndToEnd, MuonMethod.Classical);
        Assert.Equal(4e-4, gain.Value, 1e-12);

        // Student's t of one degree of freedom, 12.706, times the root of (6 - 16e-4) / 1e8.
        Assert.Equal(12.706 * Math.Sqrt(6 - 16e-4) / 1e4, gain.High - gain.Value, 1e-6);
    }

    [Fact]
    public void A_muon_seen_several_times_is_one_observation()
    {
        // Each of 1000 muons is seen 10 times; classical misses two muons every time. The interval is that of 1000 muons of which two
        // differ.
        byte[] all = Flags(10_000, []);
        byte[] classical = Flags(10_000, Enumerable.Range(0, 10)
            .SelectMany(overlay => new[] { (overlay * 1000) + 3, (overlay * 1000) + 500 }));
        MuonEfficiency counted = new("geant4-5", [new(MuonMethod.Classical, 0, classical),
            new(MuonMethod.EndToEnd, 1, all)])
        { Overlays = 10 };
        PairedDifference gain = counted.Difference(MuonMethod.EndToEnd, MuonMethod.Classical);
        Assert.Equal(2e-3, gain.Value, 1e-12);
        Assert.Equal(1.95996 * Math.Sqrt((2 - 4e-3) / (1000.0 * 999)), gain.High - gain.Value, 1e-8);
    }

    [Fact]
    public void Overlays_are_the_same_Geant4_muons_in_other_background_and_no_event_of_the_test_sample()
    {
        MuonReproductionOptions options = new()
        {
            Experiment = SmallMuonRun.Experiment with
            {
                Data =
                SmallMuonRun.Experiment.Data with { TestBackgrounds = [5], Efficiency = [new() { Background = 5, Overlays = 3 }] }
            },
            Geant4 = [new("geant4", TestData.InRepository("data", "geant4-toy16", "slice_hits.csv.gz"),
                TestData.InRepository("data", "geant4-toy16", "slice_truth.csv.gz")) { FirstEvent = 10_900 }],
        };
        Detector detector = DetectorFile.Load(options.Experiment.Detector);
        MuonGeant4Deposits[] geant4 = [.. options.Geant4.Select(g => new MuonGeant4Deposits(g, detector, options.Geant4Seed))];
        MuonCountedSample sample = Assert.Single(MuonCountedSample.Of(options.Experiment, geant4, detector));
        MuonTestSample tested = MuonTestSamples.Of(options.Experiment, geant4, detector).Single(s => s.Name == "geant4-5");
        using WorkerThreads threads = new(2);
        EventSet test = tested.Load(threads);
        Assert.Equal("geant4-5", sample.Name);
        Assert.Equal(test.Count, sample.Muons);
        Assert.Equal(3 * test.Count, sample.Events);
        EventSet[] overlays = [.. Enumerable.Range(0, 3).Select(overlay => sample.Load(overlay, 0, sample.Muons, threads)), test];
        for (int i = 0; i < overlays.Length; i++)
        {
            Assert.Equal(test.TruthQOverPt, overlays[i].TruthQOverPt);
            for (int k = 0; k < i; k++)
            {
                Assert.NotEqual(overlays[k].HitY, overlays[i].HitY);
            }
        }

        // A block is part of the whole.
        EventSet block = sample.Load(1, 10, 5, threads);
        Assert.Equal(overlays[1].HitY[overlays[1].HitOffsets[10]..overlays[1].HitOffsets[15]], block.HitY);
    }

    [Fact]
    public void Methods_with_seeds_are_paired_by_seed()
    {
        MuonEfficiency counted = new("simulation-5",
        [
            new(MuonMethod.EndToEnd, 2, Flags(100, [])), new(MuonMethod.EndToEnd, 1, Flags(100, [7])),
            new(MuonMethod.Factorised, 1, Flags(100, [7])), new(MuonMethod.Factorised, 2, Flags(100, [])),
        ]);
        PairedDifference difference = counted.Difference(MuonMethod.EndToEnd, MuonMethod.Factorised);
        Assert.Equal((0, 0, 0), (difference.Value, difference.Low, difference.High));
    }

    [Fact]
    public void Where_muons_were_counted_in_many_events_these_decide_the_claim_and_truth_says_what_there_is_to_gain()
    {
        MuonEfficiency counted = new("simulation-5",
        [
            new(MuonMethod.Truth, 0, Flags(100_000, Enumerable.Range(0, 40))),
            new(MuonMethod.Classical, 0, Flags(100_000, Enumerable.Range(0, 90))),
            .. Enumerable.Range(1, 5).Select(seed => new MuonEfficiency.Found(
                MuonMethod.EndToEnd with { Cleaning = HitCleaning.TrackSearch }, (ulong)seed, Flags(
                    100_000, Enumerable.Range(0, 44 + (seed % 2))))),
        ]);
        MuonComparison comparison = MuonVerdictTests.WithTrackSearch() with { Efficiencies = [counted] };
        MuonClaim claim = MuonClaims.Of(comparison).Single(c => c.Name == "more efficient than classical, with track search");
        Assert.Equal(VerdictOutcome.Holds, claim.Outcome);
        Assert.Equal(45.4e-5, claim.Measured.Value, 1e-9);
        Assert.Contains("labels as weights: +0.00050; 100000 events", claim.Bound, StringComparison.Ordinal);
        Assert.Contains("## Muons found", MuonMarkdown.Document(comparison, [], "sagitta"), StringComparison.Ordinal);

        // The other claims of efficiency stay with the test sample.
        Assert.DoesNotContain("100000", MuonClaims.Of(comparison)
            .Single(c => c.Name == MuonClaims.Efficient).Bound, StringComparison.Ordinal);
    }

    private static byte[] Flags(int events, IEnumerable<int> missed)
    {
        byte[] flags = new byte[events];
        Array.Fill(flags, (byte)1);
        foreach (int e in missed)
        {
            flags[e] = 0;
        }

        return flags;
    }
}
