namespace Sagitta.Tests.Core.Files;

public sealed class AtomicFileTests
{
    [Fact]
    public void Committed_text_is_there_and_nothing_else()
    {
        using TemporaryFolder folder = new();
        AtomicFile.WriteText(folder.File("deep/a b.txt"), "one");
        AtomicFile.WriteText(folder.File("deep/a b.txt"), "two");
        Assert.Equal("two", File.ReadAllText(folder.File("deep/a b.txt")));
        Assert.Single(Directory.GetFileSystemEntries(folder.File("deep")));
    }

    [Fact]
    public void Interrupted_writing_leaves_the_old_file_and_no_other()
    {
        using TemporaryFolder folder = new();
        AtomicFile.WriteText(folder.File("a.txt"), "old");
        Assert.Throws<TimeoutException>(() => AtomicFile.Write(
            folder.File("a.txt"),
            stream =>
            {
                stream.Write("half"u8);
                throw new TimeoutException();
            }));
        Assert.Equal("old", File.ReadAllText(folder.File("a.txt")));
        Assert.Single(Directory.GetFileSystemEntries(folder.Name));
    }

    [Fact]
    public void Name_of_a_folder_is_bad_input()
    {
        using TemporaryFolder folder = new();
        BadInputException problem = Assert.Throws<BadInputException>(() => AtomicFile.WriteText(folder.Name, "x"));
        Assert.Contains("folder", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Place_below_a_file_is_bad_input()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("a"), "x");
        Assert.Throws<BadInputException>(() => AtomicFile.WriteText(folder.File("a/b"), "x"));
    }
}
