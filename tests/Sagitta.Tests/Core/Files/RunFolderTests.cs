namespace Sagitta.Tests.Core.Files;

public sealed class RunFolderTests
{
    [Fact]
    public void Second_run_in_a_folder_is_told_who_is_there()
    {
        using TemporaryFolder folder = new();
        using (RunFolder.Claim(folder.File("run"), "sagitta train"))
        {
            BadInputException problem = Assert.Throws<BadInputException>(() => RunFolder.Claim(folder.File("run"), "sagitta tune"));
            Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName} since 2", problem.Message,
                StringComparison.Ordinal);
            Assert.Contains("'sagitta train'", problem.Message, StringComparison.Ordinal);
        }

        RunFolder.Claim(folder.File("run"), "sagitta tune").Dispose();
    }

    [Fact]
    public void What_a_killed_run_left_blocks_nobody()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File(".sagitta-lock"), "");
        File.WriteAllText(folder.File(".sagitta-holder"), "process 1");
        RunFolder.Claim(folder.Name, "sagitta train").Dispose();
    }

    [Fact]
    public void Folder_that_can_not_be_written_to_is_not_another_run()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // A full disk, in a folder whose lock a killed run has left.
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File(".sagitta-lock"), "");
        File.CreateSymbolicLink(folder.File(".sagitta-holder"), "/dev/full");
        BadInputException full = Assert.Throws<BadInputException>(() => RunFolder.Claim(folder.Name, "sagitta train"));
        Assert.Equal($"'{folder.Name}': the folder can't be written to (No space left on device); give a place that can be written to",
            full.Message);
        File.Delete(folder.File(".sagitta-holder"));
        RunFolder.Claim(folder.Name, "sagitta train").Dispose();

        // A file system in which no file can be made.
        Assert.Contains("'/proc': the folder can't be written to (", Assert.Throws<BadInputException>(
            () => RunFolder.Claim("/proc", "sagitta train")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_that_was_made_for_nothing_goes_again()
    {
        using TemporaryFolder folder = new();
        RunFolder.Claim(folder.File("run"), "sagitta train").Dispose();
        Assert.False(Directory.Exists(folder.File("run")));
        using (RunFolder.Claim(folder.File("run"), "sagitta train"))
        {
            File.WriteAllText(folder.File("run/model"), "x");
        }

        Assert.True(File.Exists(folder.File("run/model")));
        Directory.CreateDirectory(folder.File("own"));
        RunFolder.Claim(folder.File("own"), "sagitta train").Dispose();
        Assert.True(Directory.Exists(folder.File("own")));
    }

    [Fact]
    public void Name_of_a_file_is_bad_input()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("a"), "x");
        Assert.Contains("is a file", Assert.Throws<BadInputException>(() => RunFolder.Claim(folder.File("a"), "")).Message,
            StringComparison.Ordinal);
    }
}
