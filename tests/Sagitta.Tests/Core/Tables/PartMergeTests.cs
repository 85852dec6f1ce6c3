using System.IO.Compression;
using System.Text;

namespace Sagitta.Tests.Core.Tables;

/// <summary>Parts of a file become the file, or it is said why not.</summary>
public sealed class PartMergeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("table.csv")]
    [InlineData("table.npz")]
    public void Merged_parts_are_the_whole_byte_for_byte(string name)
    {
        Table(_folder.File(name), 0, 10);
        byte[] whole = File.ReadAllBytes(_folder.File(name));
        Parts(name, 3);
        File.Delete(_folder.File(name));
        Assert.Equal((3, 10L), PartMerge.Run(_folder.File(name), CancellationToken.None));
        Assert.Equal(whole, File.ReadAllBytes(_folder.File(name)));
    }

    [Fact]
    public void Compressed_parts_hold_the_text_of_the_whole()
    {
        Table(_folder.File("table.csv"), 0, 10);
        Parts("table.csv.gz", 4);
        PartMerge.Run(_folder.File("table.csv.gz"), CancellationToken.None);
        using StreamReader reader = new(new GZipStream(File.OpenRead(_folder.File("table.csv.gz")), CompressionMode.Decompress));
        Assert.Equal(File.ReadAllText(_folder.File("table.csv")), reader.ReadToEnd());
    }

    [Fact]
    public void Arrays_of_the_detector_stand_once_and_offsets_go_on()
    {
        foreach ((string file, int first, int count) in new[] { ("whole.npz", 0, 5), ("a.npz", 0, 2), ("b.npz", 2, 3) })
        {
            Events(_folder.File(file), first, count);
        }

        byte[] whole = File.ReadAllBytes(_folder.File("whole.npz"));
        foreach (FilePart part in AllParts("whole.npz", 2))
        {
            part.Write(5, (file, first, _) => File.Copy(_folder.File(first == 0 ? "a.npz" : "b.npz"), file));
        }

        PartMerge.Run(_folder.File("whole.npz"), CancellationToken.None);
        Assert.Equal(whole, File.ReadAllBytes(_folder.File("whole.npz")));

        static void Events(string path, int first, int count)
        {
            using NpzWriter writer = new(path);
            writer.AddText("readme", "numbers");
            writer.Add<double>("plane_z", [1, 2, 3]);
            NpzColumn<long> offsets = writer.AddColumn<long>("hit_offsets");
            NpzColumn<float> hits = writer.AddColumn<float>("hit_y", 2);
            offsets.Append(0);
            long end = 0;
            for (int e = first; e < first + count; e++)
            {
                for (int hit = 0; hit < e; hit++, end++)
                {
                    hits.Append([e, hit]);
                }

                offsets.Append(end);
            }

            writer.Commit();
        }
    }

    [Fact]
    public void What_is_missing_altered_or_of_another_run_is_told()
    {
        Assert.Contains("there are no parts of it", Told(), StringComparison.Ordinal);
        Parts("table.csv", 3);
        FilePart second = new(_folder.File("table.csv"), 2, 3, "sagitta make");
        Assert.True(second.IsDone);
        Assert.False((second with { Command = "sagitta other" }).IsDone);
        string manifest = File.ReadAllText(second.Manifest);
        File.Delete(second.Manifest);
        Assert.False(second.IsDone);
        Assert.Contains("1 of 3 parts are missing: 2", Told(), StringComparison.Ordinal);
        Assert.Contains("sagitta make", Told(), StringComparison.Ordinal);
        File.WriteAllText(second.Manifest, manifest.Replace("\"first\": 3", "\"first\": 2", StringComparison.Ordinal));
        Assert.Contains("it begins with item 2, and the parts before it end before 3", Told(), StringComparison.Ordinal);
        File.WriteAllText(second.Manifest, manifest.Replace("sagitta make", "sagitta other", StringComparison.Ordinal));
        Assert.Contains("it is of another run than", Told(), StringComparison.Ordinal);
        foreach (string damaged in (string[])["{", "{\"kind\": \"sagitta part\", \"count\": 2, \"count\": 2}"])
        {
            File.WriteAllText(second.Manifest, damaged);
            Assert.Contains("no manifest of a part", Told(), StringComparison.Ordinal);
        }

        File.WriteAllText(second.Manifest, manifest);
        File.WriteAllText(second.File, File.ReadAllText(second.File).Replace('5', '6'));
        Assert.Contains("it is not the file that its manifest describes", Told(), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("table.csv")));

        string Told() => Assert.Throws<BadInputException>(() => PartMerge.Run(_folder.File("table.csv"), CancellationToken.None)).Message;
    }

    [Fact]
    public void Commands_of_one_run_are_alike_whatever_the_share() => Assert.Equal(
        "sagitta reconstruct muon tracks.csv --events 'a b.npz'",
        FilePart.WithoutShare("sagitta reconstruct muon tracks.csv --threads 4 --shard 3/8 --events 'a b.npz' --mpi --parts 9"));

    private void Parts(string name, int count)
    {
        foreach (FilePart part in AllParts(name, count))
        {
            part.Write(10, Table);
        }
    }

    private IEnumerable<FilePart> AllParts(string name, int count) =>
        Enumerable.Range(1, count).Select(number => new FilePart(_folder.File(name), number, count, "sagitta make"));

    private static void Table(string file, long first, long count)
    {
        int[] rows = [.. Enumerable.Range((int)first, (int)count)];
        TableFile.Write(file,
        [
            OutputColumn.Of<int>("number", "", rows),
            OutputColumn.Of<double>("root", "", [.. rows.Select(row => Math.Sqrt(row))]),
            OutputColumn.Of("text", [.. rows.Select(row => new StringBuilder().Insert(0, "ä", row).ToString())]),
        ]);
    }
}
