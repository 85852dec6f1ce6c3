using System.Text;

namespace Sagitta.Tests.Physics.Events;

public sealed class MuonHitBlocksTests
{
    private static readonly Detector _detector = DetectorFile.Load("toy16");

    [Fact]
    public void Parts_of_a_sorted_file_are_its_hits()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("hits.csv");
        File.WriteAllText(file, Table(10_000));
        MuonHits whole = MuonHitReader.Read(file, _detector);
        HitSet[] parts = [.. MuonHitBlocks.Read(file, _detector).Select(part => part.Hits)];
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
        HitSet hits = Assert.Single(MuonHitBlocks.Read(file, _detector)).Hits;
        Assert.Equal(5_000, hits.Count);
        BadInputException problem = Assert.Throws<BadInputException>(() => Piped(folder, File.ReadAllBytes(file)).Count);
        Assert.Contains("line 10002: event 0 comes after event 4095", problem.Message, StringComparison.Ordinal);
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
    public void Other_formats_come_through_a_pipe_at_once()
    {
        using TemporaryFolder folder = new();
        using MemoryStream zipped = new();
        using (System.IO.Compression.GZipStream zip = new(zipped, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(Encoding.UTF8.GetBytes(Table(5_000)));
        }

        Assert.Equal(5_000, Assert.Single(Piped(folder, zipped.ToArray())).Count);
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
            return [.. MuonHitBlocks.Read(fifo, _detector).Select(part => part.Hits)];
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
