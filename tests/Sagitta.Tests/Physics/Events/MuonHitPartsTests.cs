using System.Text;

namespace Sagitta.Tests.Physics.Events;

public sealed class MuonHitPartsTests
{
    private static readonly Detector _detector = DetectorFile.Load("toy16");

    [Fact]
    public void Parts_of_a_sorted_file_are_its_hits()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("hits.csv");
        File.WriteAllText(file, Table(10_000));
        MuonHits whole = MuonHitReader.Read(file, _detector);
        HitSet[] parts = [.. MuonHitReader.ReadParts(file, _detector).Select(part => part.Hits)];
        Assert.True(parts.Length > 2);
        Assert.Equal(whole.Hits.EventNumber, parts.SelectMany(part => part.EventNumber));
        Assert.Equal(whole.Hits.Y, parts.SelectMany(part => part.Y));
        Assert.Equal(whole.Hits.Plane, parts.SelectMany(part => part.Plane));
        Assert.Equal(whole.Hits.Time, parts.SelectMany(part => part.Time));
    }

    [Fact]
    public void Shuffled_file_comes_at_once_and_a_shuffled_pipe_is_bad_input()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("hits.csv");
        File.WriteAllText(file, Table(5_000) + "0,2,1.5,10,3\n");
        HitSet hits = Assert.Single(MuonHitReader.ReadParts(file, _detector)).Hits;
        Assert.Equal(5_000, hits.Count);
        BadInputException problem = Assert.Throws<BadInputException>(() => Piped(folder, File.ReadAllBytes(file)).Count);
        Assert.Contains("line 10002, column 'event': event 0 comes after event 4095", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pipe_gives_the_hits_of_the_file_and_lines_are_those_of_the_input()
    {
        using TemporaryFolder folder = new();
        string text = Table(9_000);
        Assert.Equal(9_000, Piped(folder, Encoding.UTF8.GetBytes(text)).Sum(part => part.Count));
        BadInputException problem = Assert.Throws<BadInputException>(
            () => Piped(folder, Encoding.UTF8.GetBytes(text + "9000,1,wrong,10,3\n")).Count);
        Assert.Contains("line 18002, column 'y'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_formats_come_through_a_pipe_in_parts()
    {
        using TemporaryFolder folder = new();
        string table = folder.File("hits.csv");
        File.WriteAllText(table, Table(5_000));
        HitSet hits = MuonHitReader.Read(table, _detector).Hits;
        string file = folder.File("hits.parquet");
        TableFile.Write(file, [OutputColumn.Of("event", "", [.. hits.EventNumber.SelectMany(number => new[] { number, number })]),
            OutputColumn.Of("plane", "", Array.ConvertAll(hits.Plane, plane => (int)plane)), OutputColumn.Of("y", "mm", hits.Y),
            OutputColumn.Of("charge", "", hits.Charge), OutputColumn.Of("time", "ns", hits.Time)]);
        Assert.Equal([4_096, 904], Piped(folder, File.ReadAllBytes(file)).Select(part => part.Count));
    }

    [Fact]
    public void Event_file_comes_through_a_pipe()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("events.npz");
        EventSet events = MuonSimulation.Generate(_detector, new(), 7, 0, 20);
        EventFile.Write(file, events);
        HitSet hits = Assert.Single(Piped(folder, File.ReadAllBytes(file)));
        Assert.Equal(events.Hits.Y, hits.Y);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Event_file_comes_in_parts_that_are_its_hits(bool turned)
    {
        using TemporaryFolder folder = new();
        string file = folder.File("events.npz");
        HitSet hits = Hits(9_000);
        int stations = _detector.StationCount;
        EventFile.Write(file, EventSet.WithoutTruth(hits));
        if (turned)
        {
            string other = folder.File("turned.npz");
            Turned(file, other, hits.RoadCentre, stations);
            file = other;
        }

        HitSet[] parts = [.. MuonHitReader.ReadParts(file, _detector).Select(part => part.Hits)];
        Assert.Equal([4_096, 4_096, 808], parts.Select(part => part.Count));
        Assert.Equal(hits.EventNumber, parts.SelectMany(part => part.EventNumber));
        Assert.Equal(hits.Y, parts.SelectMany(part => part.Y));
        Assert.Equal(hits.Charge, parts.SelectMany(part => part.Charge));
        Assert.Equal(hits.RoadCentre, parts.SelectMany(part => part.RoadCentre));
        Assert.Equal(hits.Offsets[^1], parts.Sum(part => part.HitCount));
        Assert.Equal(hits.Y, MuonHitReader.Read(file, _detector).Hits.Y);
    }

    [Fact]
    public void Event_file_of_another_kind_is_told_as_such()
    {
        using TemporaryFolder folder = new();
        using (NpzWriter writer = new(folder.File("other.npz")))
        {
            writer.AddText("format", "another-1");
            writer.Commit();
        }

        Assert.Contains("this is no event file; give one with 'format' = 'sagitta-events-1'", Assert.Throws<BadInputException>(
            () => MuonHitReader.ReadParts(folder.File("other.npz"), _detector).Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hit_of_a_later_part_that_is_refused_is_named_by_its_place_in_the_file()
    {
        using TemporaryFolder folder = new();
        HitSet hits = Hits(9_000);
        hits.Y[17_000] = float.NaN;
        EventFile.Write(folder.File("events.npz"), EventSet.WithoutTruth(hits));
        BadInputException problem = Assert.Throws<BadInputException>(
            () => MuonHitReader.ReadParts(folder.File("events.npz"), _detector).Count());
        Assert.Contains("array 'hit_y', element 17000", problem.Message, StringComparison.Ordinal);
    }

    private static HitSet Hits(int events)
    {
        HitSet hits = MuonHitReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(Table(events))), "hits.csv", _detector).Hits;
        return hits with { RoadCentre = [.. Enumerable.Range(0, events * _detector.StationCount).Select(road => (float)road)] };
    }

    // The same archive with its roads stored column after column.
    private static void Turned(string file, string other, float[] roads, int stations)
    {
        using NpzReader from = new(file);
        using NpzWriter writer = new(other);
        foreach (string name in from.Names)
        {
            bool isRoads = name == "road_centre";
            NpyHeader header = from.Header(name);
            writer.AddData(name, isRoads ? header with { FortranOrder = true } : header, target =>
            {
                using NpzEntryStream data = from.Data(name);
                if (isRoads)
                {
                    target.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Enumerable.Range(0, stations).SelectMany(
                        station => Enumerable.Range(0, roads.Length / stations).Select(e => roads[(e * stations) + station])).ToArray()
                        .AsSpan()));
                }
                else
                {
                    data.CopyTo(target);
                }
            });
        }

        writer.Commit();
    }

    [Fact]
    public void Gzip_comes_in_parts_as_a_file_and_through_a_pipe()
    {
        using TemporaryFolder folder = new();
        byte[] zipped = Zipped(Table(10_000));
        string file = folder.File("hits.csv.gz");
        File.WriteAllBytes(file, zipped);
        long[] numbers = [.. Enumerable.Range(0, 10_000).Select(number => (long)number)];
        foreach (HitSet[] parts in new[] { [.. MuonHitReader.ReadParts(file, _detector).Select(part => part.Hits)],
            Piped(folder, zipped).ToArray() })
        {
            Assert.True(parts.Length > 2);
            Assert.Equal(numbers, parts.SelectMany(part => part.EventNumber));
        }

        BadInputException problem = Assert.Throws<BadInputException>(() => Piped(folder, zipped[..^100]).Count);
        Assert.Contains("cut off", problem.Message, StringComparison.Ordinal);
        File.WriteAllBytes(file, Zipped(Table(9_000) + "9000,1,wrong,10,3\n"));
        problem = Assert.Throws<BadInputException>(() => MuonHitReader.ReadParts(file, _detector).Count());
        Assert.Contains("hits.csv.gz, line 18002, column 'y'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Field_of_several_lines_is_one_field_and_the_lines_below_it_keep_their_numbers()
    {
        using TemporaryFolder folder = new();
        string text = "event,plane,y,note\n0,0,1.5,\"two\nlines, \"\"quoted\"\"\"\n0,1,2.5,one\n1,0,1.5,\"\n\n\"\n";
        HitSet hits = Assert.Single(Piped(folder, Encoding.UTF8.GetBytes(text)));
        Assert.Equal([0L, 1], hits.EventNumber);
        Assert.Equal(3, hits.HitCount);
        BadInputException problem = Assert.Throws<BadInputException>(
            () => Piped(folder, Encoding.UTF8.GetBytes(text + "2,0,wrong,x\n")).Count);
        Assert.Contains("line 8, column 'y'", problem.Message, StringComparison.Ordinal);
        problem = Assert.Throws<BadInputException>(
            () => Piped(folder, Encoding.UTF8.GetBytes(text + "2,0,1,\"open\n"
                + string.Concat(Enumerable.Repeat("2,0,1,x\n", 200_000)))).Count);
        Assert.Contains("line 8: a quote is left open", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Memory_does_not_grow_with_a_zipped_table()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("hits.csv.gz");
        File.WriteAllBytes(file, Zipped(Table(600_000)));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        int events = 0;
        foreach (MuonHits part in MuonHitReader.ReadParts(file, _detector))
        {
            events += part.Hits.Count;
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.Equal(600_000, events);
        Assert.InRange(most, 0, 32 << 20);
    }

    private static byte[] Zipped(string text)
    {
        using MemoryStream zipped = new();
        using (System.IO.Compression.GZipStream zip = new(zipped, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }

        return zipped.ToArray();
    }

    private static List<HitSet> Piped(TemporaryFolder folder, byte[] bytes)
    {
        string fifo = folder.File(Path.GetRandomFileName());
        using (var make = System.Diagnostics.Process.Start("mkfifo", [fifo]))
        {
            make.WaitForExit();
        }

        Thread writer = new(() =>
        {
            try
            {
                File.WriteAllBytes(fifo, bytes);
            }
            catch (IOException)
            {
                // The reader has seen enough.
            }
        });
        writer.Start();
        try
        {
            return [.. MuonHitReader.ReadParts(fifo, _detector).Select(part => part.Hits)];
        }
        finally
        {
            writer.Join();
        }
    }

    private static string Table(int events)
    {
        StringBuilder text = new("event,plane,y,charge,time\n");
        for (int e = 0; e < events; e++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{e},1,{(e % 7) - 2.25},20,{e % 25}\n{e},0,{e % 5},20,1\n");
        }

        return text.ToString();
    }
}
