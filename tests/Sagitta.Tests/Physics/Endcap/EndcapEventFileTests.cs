namespace Sagitta.Tests.Physics.Endcap;

public sealed class EndcapEventFileTests
{
    private static readonly EndcapGeometry _geometry = EndcapSlice.Chain.Geometry;

    [Fact]
    public void Event_file_comes_back_as_it_was()
    {
        using TemporaryFolder folder = new();
        EndcapEvents events = EndcapSlice.Digitised(5).Slice(3, 10);
        EndcapEventFile.Write(folder.File("e.npz"), events);
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
        EndcapEventFile.Write(folder.File("h.npz"), read);
        Assert.False(EndcapEventFile.Read(folder.File("h.npz"), _geometry).HasTruth);
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
