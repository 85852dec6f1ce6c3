namespace Sagitta.Tests.Experiments.Events;

public sealed class EventSimulationTests
{
    [Fact]
    public void File_does_not_depend_on_threads_and_holds_what_is_counted()
    {
        using TemporaryFolder folder = new();
        EventSimulation simulation = Small(folder.File("one.npz"));
        EventCounts counts = simulation.Run(1, SilentProgress.Instance, CancellationToken.None);
        (simulation with { Output = FilePart.All(folder.File("three.npz")) }).Run(3, SilentProgress.Instance, CancellationToken.None);
        Assert.Equal(File.ReadAllBytes(folder.File("one.npz")), File.ReadAllBytes(folder.File("three.npz")));
        EventSet events = EventFile.Read(folder.File("one.npz"));
        Assert.Equal((200, counts.Hits), (events.Count, events.HitCount));
        Assert.Equal([.. Enumerable.Range(50, 200)], events.EventNumber);
        Assert.Equal(7, events.BackgroundKHzPerCm2);
    }

    [Fact]
    public void Tables_hold_the_same_events()
    {
        using TemporaryFolder folder = new();
        EventCounts counts = Small(folder.File("a.csv")).Run(2, SilentProgress.Instance, CancellationToken.None);
        Assert.Equal(201, File.ReadLines(folder.File("a_events.csv")).Count());
        Assert.Equal(counts.Hits + 1, File.ReadLines(folder.File("a_hits.csv")).Count());
    }

    [Fact]
    public void Stop_leaves_no_file()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => Small(folder.File("a.npz")).Run(1, SilentProgress.Instance, stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Name));
    }

    [Theory]
    [InlineData("a.txt", "toy16", "background.kHzPerCm2=[5]", ".npz, .parquet")]
    [InlineData("a.npz", "toy15", "background.kHzPerCm2=[5]", "toy16")]
    [InlineData("a.npz", "toy16", "digitisation.smeer=1", "did you mean 'digitisation.smear'?")]
    public void Mistakes_are_told(string file, string detector, string setting, string message)
    {
        using TemporaryFolder folder = new();
        EventSimulation simulation = Small(folder.File(file)) with { Detector = detector, Settings = [setting] };
        Assert.Contains(message, Assert.Throws<BadInputException>(
            () => simulation.Run(1, SilentProgress.Instance, CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Name));
    }

    private static EventSimulation Small(string file) => new()
    {
        Detector = "toy16",
        Output = FilePart.All(file),
        First = 50,
        Count = 200,
        Seed = 3,
        Settings = ["digitisation.background.kHzPerCm2=[7]"],
    };
}
