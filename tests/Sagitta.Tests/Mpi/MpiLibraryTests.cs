using System.Diagnostics;

namespace Sagitta.Tests.Mpi;

public sealed class MpiLibraryTests
{
    [Theory]
    [InlineData("train", "muon")]
    [InlineData("train", "endcap")]
    [InlineData("evaluate", "endcap")]
    public void Without_a_library_the_option_is_one_line_and_bad_usage(string verb, string system)
    {
        string[] input = system == "muon" ? ["--config", TestData.InRepository("experiments", "muon-quick.yaml")]
            : ["--deposits", EndcapSlice.File("test150_hits.csv.gz"), "--truth", EndcapSlice.File("test150_truth.csv.gz")];
        using Process process = Process.Start(new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "sagitta.dll"), verb, system, .. input, "--out", "never-made", "--mpi"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            Environment = { ["SAGITTA_MPI_LIBRARY"] = "no-such-library.so" },
        })!;
        string told = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.Equal("sagitta: --mpi: 'no-such-library.so' (SAGITTA_MPI_LIBRARY) can't be loaded; install one ('apt-get install mpich'), "
            + "load its module, name it in SAGITTA_MPI_LIBRARY, or run without --mpi\n", told);
        Assert.False(Directory.Exists("never-made"));
    }
}
