namespace Sagitta.Tests.Physics.Endcap;

public sealed class EndcapEventFileTests
{
    private static readonly EndcapGeometry _geometry = EndcapSlice.Chain.Geometry;

    [Fact]
    public void Event_file_comes_back_as_it_was()
    {
        using TemporaryFolder folder = new();
        EndcapEvents events = EndcapSlice.Digitised(5).Slice(3, 10);
        EndcapEventFile.Write(folder.File("e.npz"), events, _geometry);
        EndcapEvents read = EndcapEventFile.Read(folder.File("e.npz"), _geometry);
        Assert.Equal(events.U, read.U);
        Assert.Equal(events.Offsets, read.Offsets);
        Assert.Equal(events.Label, read.Label);
        Assert.Equal(events.Muons, read.Muons);
        Assert.Equal(events.Crossings, read.Crossings);
        Assert.True(read.HasTruth);
    }

    [Fact]
    public void Table_of_hits_needs_no_truth_and_no_order()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("h.csv"), "event,plane,u\n5,3,20\n4,1,1\n5,0,10\n5,0,9\n");
        EndcapEvents read = EndcapEventFile.Read(folder.File("h.csv"), _geometry);
        Assert.False(read.HasTruth);
        Assert.Equal([4, 5], read.Number);
        Assert.Equal([0, 1, 4], read.Offsets);
        Assert.Equal([1f, 9, 10, 20], read.U);
        EndcapEventFile.Write(folder.File("h.npz"), read, _geometry);
        Assert.False(EndcapEventFile.Read(folder.File("h.npz"), _geometry).HasTruth);
    }

    [Theory]
    [InlineData("h.csv")]
    [InlineData("h.csv.gz")]
    [InlineData("h.npz")]
    [InlineData("h.parquet")]
    [InlineData("events.npz")]
    public void Hits_come_in_parts_that_are_those_of_the_whole_file(string name)
    {
        using TemporaryFolder folder = new();
        string file = folder.File(name);
        EndcapEvents events = Many(10_000);
        if (name == "events.npz")
        {
            EndcapEventFile.Write(file, events, _geometry);
        }
        else
        {
            int[] hits = [.. Enumerable.Range(0, events.U.Length)];
            TableFile.Write(file,
            [
                OutputColumn.Of("event", "", [.. hits.Select(hit => (long)(hit / 3))]),
                OutputColumn.Of("plane", "", [.. hits.Select(hit => (int)events.Plane[hit])]), OutputColumn.Of("u", "mm", events.U),
                OutputColumn.Of("charge", "", events.Charge), OutputColumn.Of("time", "ns", events.Time),
            ]);
        }

        EndcapEvents[] parts = [.. EndcapEventFile.ReadParts(file, _geometry)];
        Assert.Equal([4_096, 4_096, 1_808], parts.Select(part => part.Count));
        Assert.Equal(events.Number, parts.SelectMany(part => part.Number));
        Assert.Equal(events.U, parts.SelectMany(part => part.U));
        Assert.Equal(events.Plane, parts.SelectMany(part => part.Plane));
        Assert.Equal(events.Time, parts.SelectMany(part => part.Time));
        Assert.Equal(events.Offsets, EndcapEventFile.Read(file, _geometry).Offsets);
    }

    private static readonly (string Place, string Problem, Func<EndcapEvents, EndcapEvents> Spoil)[] _mistakes =
    [
        ("array 'plane', element 29999", "no plane 24", events => events with { Plane = [.. events.Plane[..^1], 24] }),
        ("array 'u', element 29999", "NaN is not a finite number", events => events with { U = [.. events.U[..^1], float.NaN] }),
        ("array 'charge', element 29999", "-1 is below 0", events => events with { Charge = [.. events.Charge[..^1], -1] }),
        ("array 'time', element 29999", "not a finite number", events =>
            events with { Time = [.. events.Time[..^1], float.PositiveInfinity] }),
        ("array 'u', element 1", "are not in order", events => events with { Plane = [5, .. events.Plane[1..]] }),
        ("array 'u', element 1", "holds one hit twice", events => events with { Plane = [0, 0, .. events.Plane[2..]],
            U = [7, 7, .. events.U[2..]], Charge = [3, 3, .. events.Charge[2..]], Time = [5, 5, .. events.Time[2..]] }),
        ("array 'offsets'", "its numbers fall", events => events with { Offsets = [0, 6, 3, .. events.Offsets[3..]] }),
        ("array 'offsets'", "it does not begin with 0", events => events with { Offsets = [1, .. events.Offsets[1..]] }),
        ("array 'offsets'", "it goes to 30001, and there are 30000 hits",
            events => events with { Offsets = [.. events.Offsets[..^1], 30_001] }),
        ("array 'offsets'", "it ends with 29999, and there are 30000 hits",
            events => events with { Offsets = [.. events.Offsets[..^1], 29_999] }),
    ];

    [Fact]
    public void Mistake_in_an_event_file_is_named_by_its_place() => Assert.All(_mistakes, mistake =>
    {
        (string place, string problem, Func<EndcapEvents, EndcapEvents> spoil) = mistake;
        using TemporaryFolder folder = new();
        EndcapEventFile.Write(folder.File("e.npz"), spoil(Many(10_000)), _geometry);
        string message = Assert.Throws<BadInputException>(() => EndcapEventFile.Read(folder.File("e.npz"), _geometry)).Message;
        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.Equal(message, Assert.Throws<BadInputException>(
            () => EndcapEventFile.ReadParts(folder.File("e.npz"), _geometry).Count()).Message);
    });

    private static readonly (string Said, Func<EndcapEvents, EndcapEvents> Spoil)[] _untruths =
    [
        ("array 'label', element 0: 300 is no muon", events => events with { Label = [300, .. events.Label[1..]] }),
        ("array 'label', element 0: -2 is no muon", events => events with { Label = [-2, .. events.Label[1..]] }),
        ("array 'q_over_p', element 0: a muon has no momentum without end",
            events => events with { Muons = [events.Muons[0] with { QOverP = 0 }, .. events.Muons[1..]] }),
        ("array 'tx', element 0: NaN", events => events
            with { Muons = [events.Muons[0] with { Tx = double.NaN }, .. events.Muons[1..]] }),
        ("array 'crossings': the shape is", events => events with { Crossings = events.Crossings[1..] }),
        ("array 'muon_offsets': it does not begin with 0, or its numbers fall",
            events => events with { MuonOffsets = [1, .. events.MuonOffsets[1..]] }),
        ("array 'close_pair': the shape is", events => events with { IsClosePair = events.IsClosePair[1..] }),
    ];

    [Fact]
    public void Truth_that_can_not_be_is_bad_input() => Assert.All(_untruths, untruth =>
    {
        (string said, Func<EndcapEvents, EndcapEvents> spoil) = untruth;
        using TemporaryFolder folder = new();
        EndcapEventFile.Write(folder.File("e.npz"), spoil(EndcapSlice.Digitised(5).Slice(3, 10)), _geometry);
        Assert.Contains(said, Assert.Throws<BadInputException>(() => EndcapEventFile.Read(folder.File("e.npz"), _geometry)).Message,
            StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("z: 7000", "z: 7002", "the z of plane 0")]
    [InlineData("stereo: 1.5", "stereo: 1.6", "the stereo angle of plane")]
    public void Events_of_another_geometry_are_refused(string given, string other, string said)
    {
        using TemporaryFolder folder = new();
        EndcapEventFile.Write(folder.File("e.npz"), EndcapSlice.Digitised(5).Slice(3, 10), _geometry);
        string text = File.ReadAllText(EndcapSlice.Detector);
        EndcapGeometry moved = new(EndcapDetector.Parse(text.Replace(given, other, StringComparison.Ordinal), EndcapSlice.Detector));
        Assert.Contains(said, Assert.Throws<BadInputException>(() => EndcapEventFile.Read(folder.File("e.npz"), moved)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Events_of_another_field_are_refused()
    {
        using TemporaryFolder folder = new();
        EndcapEventFile.Write(folder.File("e.npz"), EndcapSlice.Digitised(5).Slice(3, 10), _geometry);
        EndcapGeometry other = new(_geometry.Detector with { Field = new UniformField(0.3, 0, 0) });
        Assert.Contains("the field's component x before plane", Assert.Throws<BadInputException>(
            () => EndcapEventFile.Read(folder.File("e.npz"), other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Copies_of_hits_are_left_out_and_a_wrong_z_is_refused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("h.csv"), "event,plane,u,charge\n" + string.Concat(Enumerable.Repeat("1,0,5,20\n", 30))
            + "1,0,6,20\n");
        EndcapEvents read = EndcapEventFile.Read(folder.File("h.csv"), _geometry);
        Assert.Equal(29, read.Copies);
        Assert.Equal([5f, 6], read.U);
        string place = NumberText.Of(_geometry.Planes[3].Z);
        File.WriteAllText(folder.File("h.csv"), $"event,plane,u,z\n1,3,5,{place}\n");
        Assert.Single(EndcapEventFile.Read(folder.File("h.csv"), _geometry).U);
        File.WriteAllText(folder.File("h.csv"), "event,plane,u,z\n1,3,5,700\n");
        Assert.Contains($"700 is not the place of plane 3, {place} mm", Assert.Throws<BadInputException>(
            () => EndcapEventFile.Read(folder.File("h.csv"), _geometry)).Message, StringComparison.Ordinal);
    }

    // Three hits an event.
    private static EndcapEvents Many(int events)
    {
        int[] hits = [.. Enumerable.Range(0, 3 * events)];
        return new()
        {
            Number = [.. Enumerable.Range(0, events).Select(e => (long)e)],
            Offsets = [.. Enumerable.Range(0, events + 1).Select(e => 3 * e)],
            Plane = [.. hits.Select(hit => (byte)(hit % 3))],
            U = [.. hits.Select(hit => hit % 101 * 0.5f)],
            Charge = [.. hits.Select(hit => 10f + (hit % 7))],
            Time = [.. hits.Select(hit => hit % 11 * 1f)],
            HasTruth = false,
            Label = new short[hits.Length],
            MuonOffsets = new int[events + 1],
            Muons = [],
            Crossings = [],
            IsClosePair = new bool[events],
        };
    }

    [Theory]
    [InlineData("event,plane,u\n1,24,0\n")]
    [InlineData("event,plane,u\n1,0,nan\n")]
    [InlineData("event,plane\n1,0\n")]
    public void Unknown_plane_nan_and_missing_column_are_bad_input(string text)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("h.csv"), text);
        Assert.Throws<BadInputException>(() => EndcapEventFile.Read(folder.File("h.csv"), _geometry));
    }
}
