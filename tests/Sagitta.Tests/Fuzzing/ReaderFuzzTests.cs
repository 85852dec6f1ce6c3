using System.Diagnostics;

namespace Sagitta.Tests.Fuzzing;

/// <summary>Altered files of every kind: read, or refused as bad input, in little memory, and with an end. SAGITTA_FUZZ_SECONDS says how
/// long the slow test does it (default 60).</summary>
public sealed class ReaderFuzzTests
{
    private const long MostBytes = 512 << 20;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Altered_file_is_read_or_refused(string name)
    {
        FuzzTarget target = FuzzTarget.All.Single(t => t.Name == name);
        Assert.Null(Record.Exception(() => target.Read(target.Wrap(target.Sound))));
        Assert.Empty(Enumerable.Range(0, 200).Select(number => Finding(target, (ulong)number)).OfType<string>());
    }

    [Theory]
    [InlineData("csv", 1_000_357)]
    [InlineData("calorimeter.yaml", 1_001_023)]
    [InlineData("calorimeter.yaml", 1_004_418)]
    [InlineData("detector", 1_000_046)]
    [InlineData("arrow", 1_000_048)]
    [InlineData("arrow", 1_000_081)]
    [InlineData("hdf5", 1_001_303)]
    [InlineData("hdf5", 1_018_962)]
    [InlineData("hdf5 sealed", 1_003_806)]
    [InlineData("hdf5 sealed", 1_011_673)]
    [InlineData("hdf5 earliest", 1_000_783)]
    [InlineData("hdf5 earliest", 1_008_424)]
    [InlineData("hdf5 earliest", 1_022_374)]
    [InlineData("hdf5 earliest", 1_030_718)]
    [InlineData("hdf5 latest", 1_000_139)]
    [InlineData("hdf5 latest", 1_018_238)]
    [InlineData("hdf5 latest", 1_090_871)]
    public void Earlier_findings_stay_mended(string name, int number) =>
        Assert.Null(Finding(FuzzTarget.All.Single(target => target.Name == name), (ulong)number));

    [Fact]
    [Trait("speed", "slow")]
    public void Thousands_of_altered_files_are_read_or_refused()
    {
        double seconds = NumberText.Read<double>(Environment.GetEnvironmentVariable("SAGITTA_FUZZ_SECONDS")
            ?? "60", "SAGITTA_FUZZ_SECONDS");
        List<string> found = [];
        foreach (FuzzTarget target in FuzzTarget.All)
        {
            long start = Stopwatch.GetTimestamp();
            ulong number = 1_000_000;
            int most = found.Count + 5;
            for (; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds / FuzzTarget.All.Count && found.Count < most; number++)
            {
                if (Finding(target, number) is { } finding)
                {
                    found.Add(finding);
                    Console.WriteLine(finding);
                }
            }

            Console.WriteLine($"{target.Name}: {number - 1_000_000} altered files");
        }

        Assert.Empty(found);
    }

    private static string? Finding(FuzzTarget target, ulong number)
    {
        byte[] altered = Mutation.Of(target.Sound, RandomKey.FromSeed(11).Split(target.Name).Split(number));
        return Try(target, altered) is { } problem ? $"{target.Name} {number}: {problem}" : null;
    }

    // What went wrong; null where nothing did.
    private static string? Try(FuzzTarget target, byte[] part)
    {
        byte[] file = target.Wrap(part);
        string? problem = null;
        Thread reader = new(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                target.Read(file);
            }
            catch (BadInputException refused)
            {
                problem = refused.Message.Contains('\n', StringComparison.Ordinal) || refused.Message.Contains("Exception",
                    StringComparison.Ordinal) ? $"the message '{refused.Message}'" : null;
            }
#pragma warning disable CA1031 // Whatever else comes out is the finding.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                problem = thrown.ToString();
            }

            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            problem ??= bytes > MostBytes ? $"{bytes} bytes were allocated" : null;
        })
        { IsBackground = true };
        reader.Start();
        return reader.Join(_patience) ? problem : "it comes to no end";
    }
}
