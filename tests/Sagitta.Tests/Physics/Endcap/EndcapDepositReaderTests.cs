using System.IO.Compression;

namespace Sagitta.Tests.Physics.Endcap;

public sealed class EndcapDepositReaderTests
{
    [Theory]
    [InlineData("hits")]
    [InlineData("truth")]
    [InlineData("events")]
    public void Row_in_another_order_is_refused_and_none_is_lost(string table)
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["hits", "truth", "events"])
        {
            List<string> lines = [.. Lines($"test150_{name}.csv.gz")];
            if (name == table)
            {
                (lines[5], lines[^1]) = (lines[^1], lines[5]);
            }

            File.WriteAllLines(folder.File($"t_{name}.csv"), lines);
        }

        string message = Read(folder);
        Assert.Contains($"t_{table}.csv, line", message, StringComparison.Ordinal);
        Assert.Contains("sort rows by event", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hits_and_muons_of_an_event_that_is_not_listed_are_refused()
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["hits", "truth", "events"])
        {
            File.WriteAllLines(folder.File($"t_{name}.csv"), name == "events" ? [.. Lines("test150_events.csv.gz")[..^1]]
                : Lines($"test150_{name}.csv.gz"));
        }

        Assert.Contains("not among the events of the truth", Read(folder), StringComparison.Ordinal);
    }

    private static string Read(TemporaryFolder folder) => Assert.Throws<BadInputException>(() => EndcapDepositReader.Read(
        EndcapSlice.Chain.Geometry, folder.File("t_hits.csv"), folder.File("t_truth.csv"))).Message;

    private static string[] Lines(string name)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(EndcapSlice.File(name)), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
