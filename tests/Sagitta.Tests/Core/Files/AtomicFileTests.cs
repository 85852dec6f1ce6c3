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

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Link_stays_and_its_target_is_replaced_with_its_mode()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("other"));
        File.WriteAllText(folder.File("other/real.txt"), "old");
        File.SetUnixFileMode(folder.File("other/real.txt"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.CreateSymbolicLink(folder.File("link.txt"), "other/real.txt");
        AtomicFile.WriteText(folder.File("link.txt"), "new");
        Assert.Equal("other/real.txt", new FileInfo(folder.File("link.txt")).LinkTarget);
        Assert.Equal("new", File.ReadAllText(folder.File("other/real.txt")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            File.GetUnixFileMode(folder.File("other/real.txt")));
    }

    [Fact]
    public void Dangling_link_gets_its_target()
    {
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder.File("link.txt"), "real.txt");
        AtomicFile.WriteText(folder.File("link.txt"), "new");
        Assert.Equal("new", File.ReadAllText(folder.File("real.txt")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fifo_is_written_through_and_stays(bool seeks)
    {
        using TemporaryFolder folder = new();
        string fifo = folder.File("pipe");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [fifo]))
        {
            await make.WaitForExitAsync(CancellationToken.None);
        }

        Task<string> reader = Task.Run(() => File.ReadAllText(fifo), CancellationToken.None);
        AtomicFile.Write(fifo, stream =>
        {
            Assert.Equal(seeks, stream.CanSeek);
            stream.Write("tracks"u8);
        }, seeks);
        Assert.Equal("tracks", await reader);
        Assert.True(PosixFile.IsSpecial(fifo));
        Assert.Single(Directory.GetFileSystemEntries(folder.Name));
    }

    [Fact]
    public void Full_device_is_told_by_the_name_that_the_user_gave()
    {
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder.File("full.txt"), "/dev/full");
        WriteFailedException problem = Assert.Throws<WriteFailedException>(() => AtomicFile.WriteText(folder.File("full.txt"), "x"));
        Assert.StartsWith($"'{folder.File("full.txt")}': no space left", problem.Message, StringComparison.Ordinal);
        Assert.False(problem.ReaderGone);
        Assert.True(PosixFile.IsSpecial("/dev/full"));
    }

    [Fact]
    public void Only_what_a_killed_process_left_is_swept_away()
    {
        using TemporaryFolder folder = new();
        string old = folder.File(".sagitta-old.partial"), locked = folder.File(".sagitta-locked.partial");
        string young = folder.File(".sagitta-young.partial");
        File.WriteAllText(old, "x");
        File.WriteAllText(young, "x");
        using FileStream held = new(locked, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-1));
        File.SetLastWriteTimeUtc(locked, DateTime.UtcNow.AddHours(-1));
        AtomicFile.WriteText(folder.File("a.txt"), "new");
        Assert.Equal([locked, young, folder.File("a.txt")], Directory.GetFiles(folder.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Spool_is_no_longer_in_its_folder()
    {
        using TemporaryFolder folder = new();
        using FileStream spool = AtomicFile.Spool(folder.Name);
        spool.Write("x"u8);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    public void Name_that_can_be_no_file_is_bad_input(string name) =>
        Assert.Throws<BadInputException>(() => AtomicFile.WriteText(name, "x"));
}
