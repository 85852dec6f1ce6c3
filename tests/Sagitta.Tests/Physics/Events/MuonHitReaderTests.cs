using System.Text;

namespace Sagitta.Tests.Physics.Events;

public sealed class MuonHitReaderTests
{
    private static readonly Detector _toy16 = DetectorFile.Load("toy16");
    private static readonly EventSet _events = MuonSimulation.Generate(_toy16,
        new() { Digitisation = new() { Background = new() { KHzPerCm2 = [5] } } }, 5, 100, 30);

    [Fact]
    public void The_pair_that_simulate_writes_is_read_back_to_the_bit()
    {
        using TemporaryFolder folder = new();
        AtomicFile.Write(folder.File("small_hits.csv"), stream => TableFile.WriteCsv(stream, [EventTables.Hits(_events)]));
        AtomicFile.Write(folder.File("small_events.csv"), stream => TableFile.WriteCsv(stream, [EventTables.Events(_events)]));
        foreach (string name in new[] { "small_hits.csv", "small.csv" })
        {
            MuonHits read = MuonHitReader.Read(folder.File(name), _toy16);
            Same(_events, read.Hits);
            Assert.Equal(_events.RoadCentre, read.Hits.RoadCentre);
            Assert.Contains("small_events.csv", Assert.Single(read.Notes), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("small.parquet")]
    [InlineData("small.arrow")]
    [InlineData("small.h5")]
    public void Both_tables_of_other_formats_are_read_back_to_the_bit(string name)
    {
        using TemporaryFolder folder = new();
        EventTables.Write(folder.File(name), _events);
        MuonHits read = MuonHitReader.Read(folder.File(name), _toy16);
        Same(_events, read.Hits);
        Assert.Equal(_events.RoadCentre, read.Hits.RoadCentre);
        HitSet blocks = Assert.Single(MuonHitReader.ReadParts(folder.File(name), _toy16)).Hits;
        Same(_events, blocks);
        Assert.Equal(_events.RoadCentre, blocks.RoadCentre);
    }

    [Fact]
    public void Copies_of_a_hit_count_once_and_are_told()
    {
        using TemporaryFolder folder = new();
        AtomicFile.Write(folder.File("once.csv"), stream => TableFile.WriteCsv(stream, [EventTables.Hits(_events)]));
        string[] lines = File.ReadAllLines(folder.File("once.csv"));
        File.WriteAllLines(folder.File("often.csv"), [.. lines, .. Enumerable.Repeat(lines[5], 30), lines[9]]);
        MuonHits often = MuonHitReader.Read(folder.File("often.csv"), _toy16);
        Same(_events, often.Hits);
        Assert.Contains("31 hits are copies of others, and were left out", often.Notes);
    }

    [Theory]
    [InlineData("hits.csv")]
    [InlineData("hits.csv.gz")]
    [InlineData("hits.npz")]
    [InlineData("hits.parquet")]
    [InlineData("hits.arrow")]
    [InlineData("hits.h5")]
    public void Shuffled_rows_in_centimetres_with_other_names_give_the_same_hits(string name)
    {
        Detector named = _toy16 with
        {
            Planes = [.. _toy16.Planes.Select(
            (plane, p) => plane with { Name = $"chamber {(char)('A' + p)}" })]
        };
        int[] order = [.. Enumerable.Range(0, _events.HitCount)];
        RandomDraws draws = RandomKey.FromSeed(3).Draws();
        for (int i = order.Length - 1; i > 0; i--)
        {
            int other = draws.NextIndex(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        long[] number = new long[_events.HitCount];
        float[] road = new float[_events.HitCount];
        for (int e = 0; e < _events.Count; e++)
        {
            for (int h = _events.HitOffsets[e]; h < _events.HitOffsets[e + 1]; h++)
            {
                number[h] = _events.EventNumber[e];
                road[h] = _events.RoadCentre[(e * _toy16.StationCount) + _toy16.Planes[_events.HitPlane[h]].Station];
            }
        }

        using TemporaryFolder folder = new();
        TableFile.Write(folder.File(name),
            [
                OutputColumn.Of("t", "ns", [.. order.Select(h => _events.HitTime[h])]),
                OutputColumn.Of("chamber", [.. order.Select(h => named.Planes[_events.HitPlane[h]].Name)]),
                OutputColumn.Of("comment", [.. order.Select(h => "none, really")]),
                OutputColumn.Of("y_cm", "cm", [.. order.Select(h => _events.HitY[h] / 10.0)]),
                OutputColumn.Of("z", "mm", [.. order.Select(h => _toy16.Planes[_events.HitPlane[h]].Z)]),
                OutputColumn.Of("charge", "", [.. order.Select(h => _events.HitCharge[h])]),
                OutputColumn.Of("evt", "", [.. order.Select(h => number[h])]),
                OutputColumn.Of("road", "mm", [.. order.Select(h => road[h])]),
            ]);
        MuonHits read = MuonHitReader.Read(folder.File(name), named, ColumnMapping.Parse("event=evt,plane=chamber,y=y_cm*10,time=t"));
        Same(_events, read.Hits);
        Assert.Equal(_events.HitCharge, read.Hits.Charge);
        Assert.Equal(_events.RoadCentre, read.Hits.RoadCentre);
        Assert.Empty(read.Notes);
    }

    [Fact]
    public void Defaults_are_told_and_a_missing_road_is_not_a_number()
    {
        MuonHits read = Read("event,plane,y\n2,P1,5\n2,0,7\n1,1.0,6\n");
        Assert.Equal([1L, 2], read.Hits.EventNumber);
        Assert.Equal([0, 1, 3], read.Hits.Offsets);
        Assert.Equal([1, 0, 1], read.Hits.Plane);
        Assert.Equal([6f, 7, 5], read.Hits.Y);
        Assert.Equal([1f, 1, 1], read.Hits.Charge);
        Assert.Equal([0f, 0, 0], read.Hits.Time);
        Assert.All(read.Hits.RoadCentre, road => Assert.True(float.IsNaN(road)));
        Assert.Equal(["no column 'charge': 1 for every hit", "no column 'time': 0 ns for every hit",
            "no road: it is found from the hits of every event"], read.Notes);
    }

    [Fact]
    public void Roads_stand_in_a_column_for_each_station()
    {
        MuonHits read = Read("event,plane,y,charge,time,road0,road1\n1,0,5,1,0,4,6\n1,9,5,1,0,,6\n2,0,5,1,0,,7\n");
        Assert.Equal([4f, 6, float.NaN, 7], read.Hits.RoadCentre);
        Assert.Equal(["1 of 2 events lack a road: it is found from their hits"], read.Notes);
    }

    [Theory]
    [InlineData("event,plane,y\n1,16,5\n", "'16' is no plane of detector 'toy16'", "indices 0 to 15")]
    [InlineData("event,plane,y\n1,1,5\n1,16,5\n", "line 3", "--columns 'plane=plane-1'")]
    [InlineData("event,plane,y\n1,upper,5\n", "'upper' is no plane", "field 'name'")]
    [InlineData("event,plane,y\n1,-1,5\n", "'-1' is no plane", "indices")]
    [InlineData("event,plane,y\n1,1.5,5\n", "'1.5' is no plane", "indices")]
    [InlineData("event,plane,y,z\n1,0,5,200\n", "line 2, column 'z'", "--columns 'z=z*10'")]
    [InlineData("event,plane,y\n1,0,2e6\n", "line 2, column 'y'", "from -1000000 to 1000000")]
    [InlineData("event,plane,y,road_0\n1,0,5,4\n1,0,6,4.5\n", "line 3, column 'road_0'", "one road")]
    [InlineData(
        "evt,y_cm\n1,2\n", "columns 'event' (number of the event), 'plane' (index from 0, or name of the plane) and 'y' (mm) are missing",
        "'y_cm'")]
    public void Mistake_is_told_with_what_would_be_right(string text, string problem, string remedy)
    {
        BadInputException bad = Assert.Throws<BadInputException>(() => Read(text));
        Assert.Contains(problem, bad.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, bad.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_comes_before_an_index_and_a_near_one_is_proposed()
    {
        Detector named = _toy16 with { Planes = [.. _toy16.Planes.Select((plane, p) => plane with { Name = $"{15 - p}" })] };
        Assert.Equal([15], Read("event,plane,y\n1,0,5\n", named).Hits.Plane);
        Assert.Contains("did you mean '12'", Assert.Throws<BadInputException>(() => Read("event,plane,y\n1,122,5\n", named)).Message,
            StringComparison.Ordinal);
    }

    private static MuonHits Read(string text, Detector? detector = null) =>
        MuonHitReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "hits.csv", detector ?? _toy16);

    private static void Same(EventSet expected, HitSet read)
    {
        Assert.Equal(expected.EventNumber, read.EventNumber);
        Assert.Equal(expected.HitOffsets, read.Offsets);
        Assert.Equal(expected.HitPlane, read.Plane);
        Assert.Equal(expected.HitY, read.Y);
        Assert.Equal(expected.HitCharge, read.Charge);
        Assert.Equal(expected.HitTime, read.Time);
    }
}
