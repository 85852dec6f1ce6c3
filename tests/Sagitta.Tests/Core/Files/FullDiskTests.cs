using System.Diagnostics;

namespace Sagitta.Tests.Core.Files;

/// <summary>Every writer on a place without space: one failure that names the file, and nothing left behind.</summary>
public sealed class FullDiskTests
{
    private static readonly double[] _numbers = new double[1 << 17];

    [Theory]
    [InlineData("a.txt")]
    [InlineData("a.npz")]
    [InlineData("grown.npz")]
    [InlineData("a.safetensors")]
    [InlineData("a.csv")]
    [InlineData("a.parquet")]
    [InlineData("a.arrow")]
    [InlineData("a.h5")]
    [InlineData("checkpoint")]
    public void Writer_names_the_file_that_found_no_space(string name)
    {
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder.File(name), "/dev/full");
        RequireFailure(folder.File(name));
        using TemporaryFolder small = new();
        if (!Mounted("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small.Name))
        {
            return;
        }

        try
        {
            RequireFailure(small.File(name));
            Assert.Empty(Directory.GetFileSystemEntries(small.Name));
        }
        finally
        {
            Assert.True(Mounted("umount", small.Name));
        }
    }

    [Fact]
    public void Stream_that_keeps_what_it_got_says_so()
    {
        using OutputStream full = new(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0),
            "standard output",
            keeps: true);
        WriteFailedException problem = Assert.Throws<WriteFailedException>(() => full.Write("1,2\n"u8));
        Assert.StartsWith("standard output: no space left there; what was written before stands there, cut off", problem.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_of_a_training_say_that_the_disk_is_full()
    {
        using TemporaryFolder small = new();
        if (!Mounted("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small.Name))
        {
            return;
        }

        try
        {
            using MetricsLog log = MetricsLog.Create(small.File("metrics.csv"), ["loss"]);
            WriteFailedException problem = Assert.Throws<WriteFailedException>(() =>
            {
                for (int step = 0; step < 100_000; step++)
                {
                    log.Append(step, 0.123456789);
                }
            });
            Assert.Matches(@"metrics\.(csv|tfevents)': no space left there; what was written before", problem.Message);
        }
        finally
        {
            Assert.True(Mounted("umount", small.Name));
        }
    }

    private static void RequireFailure(string path)
    {
        WriteFailedException problem = Assert.Throws<WriteFailedException>(() => Write(path));
        Assert.StartsWith($"'{path}': no space left", problem.Message, StringComparison.Ordinal);
    }

    private static void Write(string path)
    {
        switch (Path.GetFileName(path))
        {
            case "a.npz":
                using (NpzWriter writer = new(path))
                {
                    writer.Add<double>("x", _numbers);
                    writer.Commit();
                }

                break;
            case "grown.npz":
                using (NpzWriter writer = new(path))
                {
                    writer.AddColumn<double>("x").Append(_numbers);
                    writer.Commit();
                }

                break;
            case "a.safetensors":
                Tensors().Write(path);
                break;
            case "checkpoint":
                CheckpointFile.Write(path, Tensors());
                break;
            case "a.txt":
                AtomicFile.WriteText(path, new('x', 1 << 20));
                break;
            default:
                TableFile.Write(path, [OutputColumn.Of("x", "mm", [.. _numbers.Select((_, i) => i * Math.PI)])]);
                break;
        }
    }

    private static SafeTensorsWriter Tensors()
    {
        SafeTensorsWriter writer = new();
        writer.Add<double>("x", _numbers, _numbers.Length);
        return writer;
    }

    // Only an administrator may mount; others still write to the full device.
    private static bool Mounted(string command, params string[] arguments)
    {
        ProcessStartInfo start = new(command, arguments) { UseShellExecute = false, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
