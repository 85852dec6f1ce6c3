namespace Sagitta.Tests.Physics.Calorimeter;

public sealed class CalorimeterDepositReaderTests
{
    private const string Full =
        "eventID,trackID,parentID,pdg,layer,posX,posY,posZ,edep\n3,1,0,2212,0,1,2,225.2,0.5\n3,2,1,11,2,3,4,380,0.25\n";

    [Fact]
    public void Truth_is_required_where_it_is_asked_for_and_only_there()
    {
        CalorimeterDeposits full = Deposits(Full);
        Assert.Equal([1, 2], full.Track);
        Assert.Equal([2212, 11], full.Particle);
        string hits = "event,x,y,z,layer,edep\n3,1,2,225.2,0,0.5\n3,3,4,380,2,0.25\n";
        CalorimeterDeposits read = Hits(hits);
        Assert.False(read.HasTruth);
        Assert.Empty(read.Frame);
        Assert.Equal(full.X, read.X);
        Assert.Equal(full.Layer, read.Layer);
        Assert.Empty(read.Track);
        BadInputException problem = Assert.Throws<BadInputException>(() => Deposits(hits));
        Assert.Contains("'track'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("'parent'", problem.Message, StringComparison.Ordinal);
        Assert.True(Hits(Full).HasTruth);
    }

    [Fact]
    public void A_frame_stands_for_the_event_and_columns_are_mapped()
    {
        CalorimeterDeposits read = Hits("f,x_cm,y_cm,layer,edep_keV,z\n5,1,2,0,500,0\n",
            ColumnMapping.Parse("frame=f,x=x_cm*10,y=y_cm*10,edep=edep_keV/1000"), frameColumn: "frame");
        Assert.Equal([5], read.Frame);
        Assert.Equal([0], read.EventNumber);
        Assert.Equal([10.0], read.X);
        Assert.Equal([0.5], read.Energy);
    }

    [Fact]
    public void Layer_and_place_stand_for_each_other_where_the_calorimeter_is_known()
    {
        double[] places = [225.2, 277.7, 333.7];
        CalorimeterDeposits byPlace = Hits("event,x,y,z,edep\n1,0,0,333.2,1\n1,0,0,225.2,1\n", null, places);
        Assert.Equal([2, 0], byPlace.Layer);
        Assert.Contains(byPlace.Notes, note => note.Contains("no column 'layer'", StringComparison.Ordinal));
        Assert.Equal([277.7], Hits("event,x,y,layer,edep\n1,0,0,1,1\n", null, places).Z);
        Assert.Contains("no layer lies within 1 mm of 30", Assert.Throws<BadInputException>(
            () => Hits("event,x,y,z,edep\n1,0,0,30,1\n", null, places)).Message, StringComparison.Ordinal);
        Assert.Contains("from 0 to 2", Assert.Throws<BadInputException>(
            () => Hits("event,x,y,layer,edep\n1,0,0,3,1\n", null, places)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("level1ID,level2ID", "1,-1", 1)]
    [InlineData("level1ID,level2ID", "0,3", 5)]
    [InlineData("volumeID[2],volumeID[3]", "4,1", 9)]
    public void Layers_are_read_as_gate_writes_them(string names, string values, int layer) =>
        Assert.Equal([layer], Hits($"event,x,y,z,edep,{names}\n1,0,0,1,1,{values}\n").Layer);

    [Theory]
    [InlineData("event,x,y,z,edep\n1,0,0,1,1\n", "column 'layer' (number from 0; or level1ID and level2ID")]
    [InlineData("event,x,y,z,layer,edep\n1,0,0,1,2,-1\n", "line 2, column 'edep': -1 is below 0")]
    [InlineData("event,x,y,z,layer,edep\n1,0,0,1,1000,1\n", "line 2, column 'layer': 1000 is not from 0 to 999")]
    [InlineData("event,x,y,z,layer,edep\n1,0,0,1,1.5,1\n", "line 2, column 'layer': 1.5 is not a whole number")]
    [InlineData("event,x,y,z,layer,edep,pdg\n3,0,0,1,1,1,3000000000\n", "line 2, column 'pdg': 3000000000 is not from")]
    [InlineData("event,x,y,z,layer,edep\n1,1e7,0,1,2,1\n", "line 2, column 'x': 10000000 is not from")]
    [InlineData("event,x,y,z,layer,edep\n1,0,0,1,2,1e300\n", "line 2, column 'edep': 1E+300 is not from")]
    [InlineData("event,x,y,z,edep,level1ID,level2ID\n1,0,0,1,1,-5,-1\n", "line 2, column 'level1ID': -5 is not a layer number")]
    [InlineData("a,b\n1,2\n", "columns 'event' (number of the event, the beam particle), 'layer'")]
    public void Mistake_is_told(string text, string message) =>
        Assert.Contains(message, Assert.Throws<BadInputException>(() => Hits(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Numbers_that_are_names_are_any_of_64_bits()
    {
        const string Text = "frame,eventID,trackID,parentID,layer,x,y,z,edep,hitID\n"
            + "9223372036854775807,-9223372036854775808,9007199254740993,9007199254740992,1,0,0,1,1,9007199254740995\n"
            + "9223372036854775807,9007199254740993,3000000000,0,0,0,0,1,1,3\n";
        CalorimeterDeposits read = Hits(Text, frameColumn: "frame");
        Assert.Equal([long.MinValue, 9007199254740993], read.EventNumber);
        Assert.Equal([9007199254740993, 3000000000], read.Track);
        Assert.Equal([9007199254740992, 0], read.Parent);
        CalorimeterFrame frame = Assert.Single(HitPreparation.Events(read).Frames(1));
        Assert.Equal((long.MaxValue, 2), (frame.Number, frame.Count));
        Assert.Equal([9007199254740995], frame.IdsOf(0).ToArray());
    }

    [Theory]
    [InlineData("hits.csv.gz")]
    [InlineData("hits.npz")]
    [InlineData("hits.parquet")]
    public void The_committed_slice_is_the_same_in_every_format(string name)
    {
        using TemporaryFolder folder = new();
        CalorimeterDeposits slice = CalorimeterDepositReader.Read(
            TestData.InRepository("data", "geant4-dtc", "water200_validation_hits.csv.gz"));
        CalorimeterDepositWriter.Write(folder.File(name), slice);
        CalorimeterDeposits read = CalorimeterDepositReader.Read(folder.File(name));
        Assert.Equal(4221, read.Count);
        Assert.Equal(slice.EventNumber, read.EventNumber);
        Assert.Equal(slice.Track, read.Track);
        Assert.Equal(slice.Particle, read.Particle);
        Assert.Equal(slice.X, read.X);
        Assert.Equal(slice.Energy, read.Energy);
    }

    private static CalorimeterDeposits Deposits(string text)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("hits.csv"), text);
        return CalorimeterDepositReader.Read(folder.File("hits.csv"));
    }

    private static CalorimeterDeposits Hits(
        string text, ColumnMapping? mapping = null, double[]? places = null, string? frameColumn = null)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("hits.csv"), text);
        return CalorimeterDepositReader.Read(folder.File("hits.csv"), needsTruth: false, frameColumn, mapping, places);
    }
}
