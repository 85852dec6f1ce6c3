namespace Sagitta.Tests.Experiments.Events;

public sealed class DepositImportTests
{
    [Fact]
    public void Committed_slice_becomes_an_event_file()
    {
        using TemporaryFolder folder = new();
        EventCounts counts = Slice(folder.File("a.npz")).Run(SilentProgress.Instance, CancellationToken.None);
        EventSet events = EventFile.Read(folder.File("a.npz"));
        Assert.Equal((1000, counts.Hits), (events.Count, events.HitCount));
        Assert.Equal("geant4", events.Source);
        Assert.Equal(10_000, events.EventNumber[0]);
        Assert.Equal(0.1, events.Hits.Smear);
    }

    [Fact]
    public void Missing_column_and_missing_file_are_told()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("truth.csv"), "event,charge,px,py\n1,1,0,0\n");
        DepositImport slice = Slice(folder.File("a.npz"));
        Assert.Contains("pz", Message(slice with { Truth = folder.File("truth.csv") }), StringComparison.Ordinal);
        Assert.Contains("none.csv", Message(slice with { Deposits = folder.File("none.csv") }), StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("a.npz")));
    }

    private static string Message(DepositImport import) =>
        Assert.Throws<BadInputException>(() => import.Run(SilentProgress.Instance, CancellationToken.None)).Message;

    private static DepositImport Slice(string file) => new()
    {
        Detector = "toy16",
        Deposits = TestData.InRepository("data", "geant4-toy16", "slice_hits.csv.gz"),
        Truth = TestData.InRepository("data", "geant4-toy16", "slice_truth.csv.gz"),
        Output = FilePart.All(file),
        Seed = 3,
        Settings = ["smear=0.1"],
    };
}
