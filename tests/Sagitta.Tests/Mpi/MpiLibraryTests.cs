using System.Diagnostics;

namespace Sagitta.Tests.Mpi;

public sealed class MpiLibraryTests
{
    [Fact]
    public void Without_a_library_the_option_is_one_line_and_bad_usage()
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "sagitta.dll"), "train", "muon", "--config",
                TestData.InRepository("experiments", "muon-quick.yaml"), "--out", "never-made", "--mpi"])
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
