namespace Sagitta.Tests.Tracking.Endcap;

public sealed class EndcapReconstructorTests
{
    private static EndcapMetrics Measure(EndcapEvents events, IReadOnlyList<EndcapTrack>[] tracks, string method)
    {
        EndcapEvaluation evaluation = new(events, muon => EndcapSlice.Chain.Limit(muon));
        for (int e = 0; e < events.Count; e++)
        {
            evaluation.Add(e, tracks[e]);
        }

        return evaluation.Result(method);
    }

    [Fact]
    public void Hits_of_the_truth_are_fitted_near_the_bound()
    {
        EndcapEvents events = EndcapSlice.Digitised(0);
        using WorkerThreads threads = new(2);
        EndcapMetrics metrics = Measure(events, EndcapReconstructor.Follow(EndcapSlice.Chain, events, threads), "truth");
        Assert.InRange(metrics.Efficiency, 0.99, 1);
        Assert.Equal(0, metrics.FakeRate);
        Assert.InRange(metrics.CoreWidth, 0.8, 1.3);
        Assert.InRange(metrics.PullWidth, 0.8, 1.25);
        Assert.InRange(metrics.ChargeMisidentification, 0, 0.01);
    }

    [Fact]
    public void Classical_method_finds_the_muons_in_background()
    {
        EndcapEvents events = EndcapSlice.Digitised(5);
        using WorkerThreads threads = new(2);
        EndcapMetrics metrics = Measure(events, EndcapReconstructor.Reconstruct(EndcapSlice.Chain, events, null, threads), "classical");
        Assert.InRange(metrics.Efficiency, 0.97, 1);
        Assert.InRange(metrics.FakeRate, 0, 0.01);
        Assert.InRange(metrics.CloneRate, 0, 0.01);
        Assert.InRange(metrics.ByMuons[2].AllFound, 0.94, 1);
        Assert.InRange(metrics.ClosePairs.Efficiency, 0.9, 1);
        Assert.InRange(metrics.PullWidth, 0.8, 1.3);
    }

    [Fact]
    public void Tracks_depend_neither_on_threads_nor_on_other_events()
    {
        EndcapEvents events = EndcapSlice.Digitised(5).Slice(0, 20);
        using WorkerThreads one = new(1), two = new(2);
        IReadOnlyList<EndcapTrack>[] all = EndcapReconstructor.Reconstruct(EndcapSlice.Chain, events, null, one);
        IReadOnlyList<EndcapTrack>[] again = EndcapReconstructor.Reconstruct(EndcapSlice.Chain, events, null, two);
        IReadOnlyList<EndcapTrack>[] alone = EndcapReconstructor.Reconstruct(EndcapSlice.Chain, events.Slice(7, 1), null, one);
        for (int e = 0; e < events.Count; e++)
        {
            Assert.Equal(all[e].Select(t => t.Fit.Track), again[e].Select(t => t.Fit.Track));
        }

        Assert.NotEmpty(alone[0]);
        Assert.Equal(all[7].Select(t => t.Fit.Track), alone[0].Select(t => t.Fit.Track));
    }

    [Fact]
    public void Event_without_hits_and_one_that_is_not_finite_have_a_status()
    {
        EndcapEvents events = EndcapSlice.Digitised(0).Slice(1, 2);
        EndcapTracker tracker = new(EndcapSlice.Chain);
        events.U[events.Offsets[0]] = float.NaN;
        Assert.Equal(SolveStatus.OutOfRange, Assert.Single(tracker.Reconstruct(events, 0, [])).Fit.Status);
        EndcapEvents empty = events with { Offsets = [0, 0, events.Offsets[2]] };
        Assert.Empty(tracker.Reconstruct(empty, 0, []));
        using EndcapNetwork model = EndcapNetwork.Read(TestData.InRepository("models", "endcap", "end-to-end.safetensors"));
        using EndcapMemory memory = new(EndcapSlice.Chain, model);
        Assert.Empty(memory.Reconstruct(empty, 0));
    }

    [Fact]
    public void Muons_that_stop_in_the_first_wall_leave_no_track()
    {
        // Nothing behind the first station: no bend, and so no momentum, was seen.
        EndcapEvents events = EndcapSlice.Digitised(0).Slice(0, 40);
        int[] rows = [.. Enumerable.Range(0, events.U.Length).Where(hit => events.Plane[hit] < 8)];
        EndcapEvents stopped = events with
        {
            Offsets = [.. events.Offsets.Select(end => Array.FindIndex(rows, hit => hit >= end) is >= 0 and var at ? at : rows.Length)],
            Plane = [.. rows.Select(hit => events.Plane[hit])],
            U = [.. rows.Select(hit => events.U[hit])],
            Charge = [.. rows.Select(hit => events.Charge[hit])],
            Time = [.. rows.Select(hit => events.Time[hit])],
            Label = [.. rows.Select(hit => events.Label[hit])],
        };
        Assert.True(rows.Length > 8 * 40);
        using EndcapNetwork model = EndcapNetwork.Read(TestData.InRepository("models", "endcap", "end-to-end.safetensors"));
        foreach (EndcapNetwork? method in (EndcapNetwork?[])[null, model])
        {
            using EndcapMemory memory = new(EndcapSlice.Chain, method);
            Assert.All(Enumerable.Range(0, stopped.Count), e => Assert.Empty(memory.Reconstruct(stopped, e)));
        }
    }

    [Fact]
    public void Twenty_muons_at_once_are_found()
    {
        // Events on top of each other until there are twenty muons.
        EndcapEvents events = EndcapSlice.Digitised(0);
        int last = Enumerable.Range(0, events.Count).First(e => events.MuonOffsets[e + 1] >= 20);
        int muons = events.MuonOffsets[last + 1];
        int[] rows = [.. Enumerable.Range(0, events.Offsets[last + 1]).OrderBy(h => events.Plane[h]).ThenBy(h => events.U[h])];
        int[] eventOf = [.. Enumerable.Range(0, last + 1).SelectMany(e => Enumerable.Repeat(e, events.Offsets[e + 1] - events.Offsets[e]))];
        EndcapEvents one = events with
        {
            Offsets = [0, rows.Length],
            Number = [7],
            Plane = [.. rows.Select(h => events.Plane[h])],
            U = [.. rows.Select(h => events.U[h])],
            Charge = [.. rows.Select(h => events.Charge[h])],
            Time = [.. rows.Select(h => events.Time[h])],
            Label = [.. rows.Select(h => (short)(events.Label[h] < 0 ? -1 : events.Label[h] + events.MuonOffsets[eventOf[h]]))],
            MuonOffsets = [0, muons],
            Muons = events.Muons[..muons],
            Crossings = events.Crossings[..(muons * events.Planes)],
            IsClosePair = [false],
        };
        EndcapMetrics metrics = Measure(one, [new EndcapTracker(EndcapSlice.Chain).Reconstruct(one, 0, [])], "classical");
        Assert.InRange(metrics.Efficiency, 0.7, 1);
        Assert.InRange(metrics.FakeRate, 0, 0.2);
    }

    [Fact]
    [Trait("data", "full")]
    public void Two_muons_are_found_as_often_as_asked_for()
    {
        string Path(string kind) => TestData.Full("geant4-endcap", $"test_{kind}.csv.gz");
        EndcapDeposits deposits = EndcapDepositReader.Read(EndcapSlice.Chain.Geometry, Path("hits"), Path("truth"), Path("events"));
        EndcapEvents events = EndcapDigitiser.Digitise(
            EndcapSlice.Chain.Geometry, deposits, new() { Background = new() { KHzPerCm2 = [5] } }, 1);
        using WorkerThreads threads = new(2);
        EndcapMetrics metrics = Measure(events, EndcapReconstructor.Reconstruct(EndcapSlice.Chain, events, null, threads), "classical");
        Assert.InRange(metrics.ByMuons[2].Efficiency, 0.98, 1);
        Assert.InRange(metrics.ByMuons[2].FakeRate, 0, 0.01);
    }
}
