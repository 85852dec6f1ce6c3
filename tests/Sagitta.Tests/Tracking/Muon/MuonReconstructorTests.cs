namespace Sagitta.Tests.Tracking.Muon;

public sealed class MuonReconstructorTests
{
    private static readonly Lazy<EventSet> _slice = new(() => DepositDigitisation.Digitise(
        DetectorFile.Load("toy16-measured"),
        Geant4Deposits.Read(
            DetectorFile.Load("toy16-measured"),
            TestData.InRepository("data", "geant4-toy16", "slice_hits.csv.gz"),
            TestData.InRepository("data", "geant4-toy16", "slice_truth.csv.gz")),
        new() { Background = new() { KHzPerCm2 = [5] } },
        1));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tracks_of_the_shipped_model_have_the_bits_of_the_whole_set(bool search)
    {
        HitSet hits = _slice.Value.Hits;
        MuonModel model = MuonModelFile.Read(TestData.InRepository("models", "muon", "toy16-measured", "local.safetensors"));
        MuonChain chain = new(model.Experiment, hits.Detector);
        using WorkerThreads threads = new(2);
        TrackTable expected = search ? chain.Search([model], hits, threads)[0] : chain.Reconstruct(model, hits, threads);
        using var reconstructor = MuonReconstructor.Load(trackSearch: search, threads: 1);
        MuonTrack[] tracks = [.. reconstructor.Reconstruct(hits)];
        Assert.Equal(Enumerable.Range(0, hits.Count).Select(e => expected.Track(e, hits.EventNumber[e])), tracks);
        Assert.True(tracks.Count(t => t.Status == SolveStatus.Converged) > 0.98 * tracks.Length);
    }

    [Fact]
    public void The_shipped_model_is_the_one_of_the_detector()
    {
        using WorkerThreads threads = new(1);
        HitSet hits = MuonSimulation.Generate(DetectorFile.Load("toy16"), new(), 5, 0, 50, threads).Hits;
        using var shipped = MuonReconstructor.Load(detector: hits.Detector);
        using var named = MuonReconstructor.Load(TestData.InRepository("models", "muon", "end-to-end.safetensors"));
        using var other = MuonReconstructor.Load(TestData.InRepository("models", "muon", "toy16-measured", "local.safetensors"),
            hits.Detector);
        MuonTrack[] tracks = [.. shipped.Reconstruct(hits)];
        Assert.Equal(named.Reconstruct(hits), tracks);
        Assert.NotEqual(other.Reconstruct(hits), tracks);
    }

    [Fact]
    public void Tracks_without_roads_agree_with_those_that_have_them()
    {
        HitSet hits = _slice.Value.Hits;
        using var reconstructor = MuonReconstructor.Load();
        MuonTrack[] with = [.. reconstructor.Reconstruct(hits)];
        MuonTrack[] without = [.. reconstructor.Reconstruct(hits with { RoadCentre = [] })];
        int agree = with.Zip(without).Count(pair => pair.First.Status == pair.Second.Status
            && !(Math.Abs(pair.First.QOverPt - pair.Second.QOverPt) > pair.First.QOverPtError));
        Assert.True(agree > 0.99 * with.Length, $"{agree} of {with.Length} agree");
    }

    [Fact]
    public void Track_does_not_depend_on_the_events_that_come_with_it()
    {
        HitSet hits = _slice.Value.Hits.Slice(0, 40);
        int stations = hits.Detector.StationCount;

        // The road of every other event is not known; those that are lie aside, so that hits are outside of them.
        float[] roads = [.. hits.RoadCentre.Select((road, i) => i / stations % 2 == 0 ? float.NaN : road + 25)];
        HitSet mixed = hits with { RoadCentre = roads };
        using var reconstructor = MuonReconstructor.Load();
        MuonTrack[] together = [.. reconstructor.Reconstruct(mixed)];
        Assert.Equal(together, Enumerable.Range(0, hits.Count).SelectMany(e => reconstructor.Reconstruct(mixed.Slice(e, 1))));
    }

    [Fact]
    public void A_model_file_reconstructs_with_the_detector_and_options_that_it_holds()
    {
        using TemporaryFolder folder = new();
        HitSet hits = _slice.Value.Hits.Slice(0, 200);
        Detector own = hits.Detector with { Name = "of one's own" };
        MuonModel model = MuonModelFile.Read(TestData.InRepository("models", "muon", "toy16-measured", "local.safetensors"));
        MuonModelFile.Write(folder.File("own.safetensors"), model with { Detector = own });
        using var shipped = MuonReconstructor.Load();
        using var reconstructor = MuonReconstructor.Load(folder.File("own.safetensors"));
        Assert.Equal("of one's own", reconstructor.Detector.Name);
        Assert.Equal(shipped.Reconstruct(hits), reconstructor.Reconstruct(hits with { Detector = own }));
    }

    [Fact]
    public void Another_detector_of_the_same_structure_is_taken_and_one_of_another_is_refused()
    {
        Detector toy = DetectorFile.Load("toy16-measured");
        Detector moved = toy with
        {
            Name = "moved",
            Planes =
            [.. toy.Planes.Select(plane => plane with { Z = plane.Z + (20 * plane.Station) })]
        };
        HitSet hits = MuonSimulation.Generate(moved, new(), 5, 0, 50).Hits;
        using var reconstructor = MuonReconstructor.Load(detector: moved);
        Assert.True(reconstructor.Reconstruct(hits).Count(track => track.Status == SolveStatus.Converged) > 45);
        using var own = MuonReconstructor.Load();
        Assert.Contains("moved", Assert.Throws<BadInputException>(() => own.Reconstruct(hits)).Message, StringComparison.Ordinal);
        BadInputException problem = Assert.Throws<BadInputException>(
            () => MuonReconstructor.Load(detector: DetectorFile.Load("three-station")));
        Assert.Contains("3 stations", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hits_out_of_order_are_refused()
    {
        HitSet hits = new()
        {
            Detector = DetectorFile.Load("toy16-measured"),
            EventNumber = [4],
            Offsets = [0, 2],
            Plane = [1, 0],
            Y = [1, 2],
            Charge = [9, 9],
            Time = [100, 100],
        };
        using var reconstructor = MuonReconstructor.Load();
        Assert.Contains("event 4", Assert.Throws<BadInputException>(() => reconstructor.Reconstruct(hits)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Hits_at_exactly_zero_are_a_straight_track()
    {
        using var reconstructor = MuonReconstructor.Load();
        int planes = reconstructor.Detector.Planes.Count;
        MuonTrack track = Assert.Single(reconstructor.Reconstruct(new()
        {
            Detector = reconstructor.Detector,
            EventNumber = [7],
            Offsets = [0, planes],
            Plane = [.. Enumerable.Range(0, planes).Select(plane => (byte)plane)],
            Y = new float[planes],
            Charge = [.. Enumerable.Repeat(20f, planes)],
            Time = [.. Enumerable.Repeat(150f, planes)],
        }));
        Assert.Equal(SolveStatus.Converged, track.Status);
        Assert.Equal(0, track.QOverPt, 1e-12);
        Assert.InRange(track.QOverPtError, 1e-5, 1e-2);
    }
}
