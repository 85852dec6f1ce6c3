using System.Diagnostics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Sagitta.Tests.Autodiff.Kernels;

public sealed class VectorDispatchTests
{
    private const string Operations =
        "FullyQualifiedName~Sagitta.Tests.Autodiff.Operations|FullyQualifiedName~VectorDispatchTests.Width_in_use";

    /// <summary>Runs in every process, and in those started below with switches of the runtime set.</summary>
    [Fact]
    public void Width_in_use_is_the_widest_that_the_switches_leave()
    {
        bool without512 = Environment.GetEnvironmentVariable("DOTNET_EnableAVX512") == "0";
        bool without256 = Environment.GetEnvironmentVariable("DOTNET_EnableAVX2") == "0";
        int widest = !Avx2.IsSupported ? 128 : Avx512F.IsSupported ? 512 : 256;
        if (without256)
        {
            Assert.Equal(128, VectorDispatch.Bits);
            Assert.False(Fma.IsSupported);
        }
        else if (without512)
        {
            Assert.True(VectorDispatch.Bits <= 256);
        }

        // A processor may have 512-bit instructions that the runtime thinks too slow to prefer.
        Assert.True(VectorDispatch.Bits == widest || (VectorDispatch.Bits == 256 && widest == 512));
    }

    [Fact]
    public void Operations_are_right_without_512_bits() => RunOperations("DOTNET_EnableAVX512");

    [Fact]
    public void Operations_are_right_without_256_bits_and_without_fused_multiply_add() => RunOperations("DOTNET_EnableAVX2");

    private static void RunOperations(string runtimeSwitch)
    {
        if (AdvSimd.IsSupported)
        {
            // One width, and no switch.
            Assert.Equal(128, VectorDispatch.Bits);
            return;
        }

        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (string argument in (string[])["test", typeof(VectorDispatchTests).Assembly.Location, "--filter", Operations])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[runtimeSwitch] = "0";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + errors.Result);
        Assert.Contains("Passed!", output, StringComparison.Ordinal);
    }
}
