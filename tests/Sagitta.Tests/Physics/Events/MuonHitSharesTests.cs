using System.IO.Compression;
using System.Text;

namespace Sagitta.Tests.Physics.Events;

/// <summary>What one of several processes reads of an event file, and which checksums it compares.</summary>
public sealed class MuonHitSharesTests : IDisposable
{
    private const int Events = 9_000;
    private static readonly Detector _detector = DetectorFile.Load("toy16");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Shares_of_an_event_file_are_its_events(bool compressed)
    {
        HitSet hits = Hits();
        string file = Written(hits, compressed);
        foreach (int count in new[] { 1, 2, 5 })
        {
            HitSet[] parts = [.. Enumerable.Range(1, count).SelectMany(number => Share(file, number, count))];
            Assert.Equal(hits.EventNumber, parts.SelectMany(part => part.EventNumber));
            Assert.Equal(hits.Plane, parts.SelectMany(part => part.Plane));
            Assert.Equal(hits.Y, parts.SelectMany(part => part.Y));
            Assert.Equal(hits.Time, parts.SelectMany(part => part.Time));
            Assert.Equal(hits.RoadCentre, parts.SelectMany(part => part.RoadCentre));
            Assert.All(parts, part => Assert.Equal(0, part.Offsets[0]));
        }
    }

    [Theory]
    [InlineData("unsorted.csv")]
    [InlineData("pair_hits.csv")]
    public void Shares_of_what_is_read_whole_are_its_events(string name)
    {
        string text = Table(300);
        File.WriteAllText(_folder.File(name), name.StartsWith("pair", StringComparison.Ordinal) ? text : text + "0,2,1.5,10,3\n");
        File.WriteAllText(_folder.File("pair_events.csv"),
            "event,road_0\n" + string.Concat(Enumerable.Range(0, 310).Select(e => $"{e},1\n")));
        HitSet hits = MuonHitReader.Read(_folder.File(name), _detector).Hits;
        HitSet[] parts = [.. Enumerable.Range(1, 4).SelectMany(number => Share(_folder.File(name), number, 4))];
        Assert.Equal(name.StartsWith("pair", StringComparison.Ordinal) ? 310 : 300, hits.Count);
        Assert.Equal(hits.EventNumber, parts.SelectMany(part => part.EventNumber));
        Assert.Equal(hits.Y, parts.SelectMany(part => part.Y));
    }

    [Fact]
    public void Bytes_of_other_parts_are_passed_over()
    {
        string file = Written(Hits(), compressed: false);
        long Read(int number)
        {
            using CountingStream stream = new(file);
            using NpzReader archive = new(stream, "events.npz");
            _ = EventFile.ReadParts(archive, _detector, ShareOf(new(Events), number, 20)).Count();
            return stream.Count;
        }

        // Beside the share the head of each array, and what describes the detector.
        long whole = new FileInfo(file).Length;
        Assert.InRange(Read(13), whole / 40, (whole / 20) + (64 << 10));
    }

    [Theory]
    [InlineData("event_number")]
    [InlineData("hit_offsets")]
    [InlineData("hit_plane")]
    [InlineData("hit_y")]
    [InlineData("hit_charge")]
    [InlineData("hit_time")]
    [InlineData("road_centre")]
    public void Byte_that_was_altered_is_noticed_by_one_part_at_least(string array)
    {
        string file = Written(Hits(), compressed: false);
        byte[] bytes = File.ReadAllBytes(file);
        int at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(array + ".npy")) + 2_000;
        bytes[at] ^= 1;
        File.WriteAllBytes(file, bytes);
        foreach (int count in new[] { 2, 20 })
        {
            int refused = Enumerable.Range(1, count).Count(number =>
            {
                try
                {
                    _ = Share(file, number, count);
                    return false;
                }
                catch (BadInputException problem)
                {
                    Assert.Contains("events.npz", problem.Message, StringComparison.Ordinal);
                    return true;
                }
            });
            Assert.InRange(refused, 1, 2);
        }
    }

    [Fact]
    public void File_that_was_cut_off_is_refused_by_each_part()
    {
        string file = Written(Hits(), compressed: false);
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^2000]);
        Assert.All(Enumerable.Range(1, 3), number => Assert.Throws<BadInputException>(() => Share(file, number, 3)));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(Events, 17_999, 3)]
    [InlineData(4_000, 0, 2)]
    [InlineData(4_000, 18_001, 2)]
    public void Offsets_that_do_not_fit_are_refused_by_the_part_whose_they_are(int at, long value, int number)
    {
        string file = Written(Hits(), compressed: false), other = _folder.File("other.npz");
        using (NpzReader from = new(file))
        using (NpzWriter writer = new(other))
        {
            foreach (string name in from.Names)
            {
                writer.AddData(name, from.Header(name), target =>
                {
                    if (name == "hit_offsets")
                    {
                        long[] offsets = from.Read<long>(name);
                        offsets[at] = value;
                        target.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(offsets.AsSpan()));
                        return;
                    }

                    using NpzEntryStream data = from.Data(name);
                    data.CopyTo(target);
                });
            }

            writer.Commit();
        }

        Assert.Contains("offsets begin at 0", Assert.Throws<BadInputException>(() => Share(other, number, 3)).Message,
            StringComparison.Ordinal);
    }

    private static HitSet Hits()
    {
        HitSet hits = MuonHitReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(Table(Events))), "hits.csv", _detector).Hits;
        return hits with { RoadCentre = [.. Enumerable.Range(0, Events * _detector.StationCount).Select(road => (float)road)] };
    }

    private string Written(HitSet hits, bool compressed)
    {
        string file = _folder.File("events.npz");
        EventFile.Write(file, EventSet.WithoutTruth(hits));
        if (!compressed)
        {
            return file;
        }

        using ZipArchive from = ZipFile.OpenRead(file), to = ZipFile.Open(_folder.File("compressed.npz"), ZipArchiveMode.Create);
        foreach (ZipArchiveEntry entry in from.Entries)
        {
            using Stream source = entry.Open(), target = to.CreateEntry(entry.Name, CompressionLevel.Fastest).Open();
            source.CopyTo(target);
        }

        return _folder.File("compressed.npz");
    }

    private static ReadShare ShareOf(GroupIndex index, int number, int count) =>
        Tests.Core.Tables.TableSharesTests.ShareOf(index, number, count);

    private static List<HitSet> Share(string file, int number, int count) => [.. MuonHitReader.ReadParts(
        file, _detector, null, ShareOf(MuonHitReader.Index(file, _detector), number, count)).Select(part => part.Hits)];

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
