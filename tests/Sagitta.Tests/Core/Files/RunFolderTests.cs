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
    public void Name_of_a_file_is_bad_input()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("a"), "x");
        Assert.Contains("is a file", Assert.Throws<BadInputException>(() => RunFolder.Claim(folder.File("a"), "")).Message,
            StringComparison.Ordinal);
    }
}
