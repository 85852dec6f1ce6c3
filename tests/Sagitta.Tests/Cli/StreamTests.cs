using System.Diagnostics;
using System.Text;

namespace Sagitta.Tests.Cli;

/// <summary>
/// The program itself on pipes that are longer than its memory: simulated events over and over, with new numbers. SAGITTA_STREAM_EVENTS
/// says how many (default 200,000; a hundredth of it for the endcap, whose events take longer), SAGITTA_SOAK_MINUTES how long a soak lasts
/// (default one minute).
/// </summary>
public sealed class StreamTests
{
    private const long MostMegabytes = 300;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);
    private static readonly Detector _toy16 = DetectorFile.Load("toy16");

    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "sagitta.dll");

    [Theory]
    [Trait("speed", "slow")]
    [InlineData("muon")]
    [InlineData("calorimeter")]
    [InlineData("endcap")]
    public void Long_pipe_is_reconstructed_in_little_memory_and_in_order(string system)
    {
        long events = Number("SAGITTA_STREAM_EVENTS", 200_000) / (system == "endcap" ? 100 : 1);
        List<long> memory = [];
        (int code, long groups, bool ascending) = Run(system, e => e < events, memory);
        Assert.Equal(0, code);
        Assert.True(ascending);
        Assert.Equal(system == "calorimeter" ? events / 100 : events, groups);
        Assert.InRange(memory.Max(), 1, MostMegabytes);
        Note($"{system}: {events} events, at most {memory.Max()} MB");
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Soak_of_an_endless_pipe_takes_no_more_memory_after_its_first_third()
    {
        TimeSpan length = TimeSpan.FromMinutes(Number("SAGITTA_SOAK_MINUTES", 1));
        long start = Stopwatch.GetTimestamp();
        List<long> memory = [];
        long given = 0;
        (int code, long events, bool ascending) = Run("muon", e => (given = e) < 5000 || Stopwatch.GetElapsedTime(start) < length, memory);
        Assert.Equal(0, code);
        Assert.True(ascending);
        Assert.Equal(given, events);
        int third = memory.Count / 3;
        (long early, long late) = (memory.Take(Math.Max(third, 1)).Max(), memory.Skip(third).Max());
        Assert.InRange(late, 1, Math.Min(MostMegabytes, early + (early / 10)));
        Note($"soak: {events} events in {length.TotalMinutes} minutes, at most {early} MB in the first third, {late} MB afterwards");
    }

    [Theory]
    [InlineData("muon", "--events")]
    [InlineData("endcap", "--events")]
    [InlineData("calorimeter", "--hits")]
    public void Reader_that_closes_its_pipe_ends_the_run_without_a_word(string system, string option)
    {
        using TemporaryFolder folder = new();
        string hits = folder.File("hits.csv");
        File.WriteAllLines(hits, [Header(system), .. Enumerable.Range(0, 3).SelectMany(round => Sample(system)
            .SelectMany(rows => rows.Rows.Select(row => $"{rows.Number + (round * 10_000)}{row}")))]);
        using Process shell = Process.Start(new ProcessStartInfo("bash", ["-c", "set -o pipefail; dotnet \"$0\" reconstruct \"$1\" - "
            + "\"$2\" \"$3\" --threads 1 -q 2>\"$3.errors\" | head -n 3; exit ${PIPESTATUS[0]}", Program, system, option, hits])
        { RedirectStandardOutput = true, UseShellExecute = false })!;
        string[] lines = shell.StandardOutput.ReadToEnd().TrimEnd().Split('\n');
        shell.WaitForExit();
        Assert.Equal((0, 3, ""), (shell.ExitCode, lines.Length, File.ReadAllText(hits + ".errors")));
    }

    [Fact]
    public void Name_that_means_standard_output_is_no_file_that_exists()
    {
        using TemporaryFolder folder = new();
        string hits = folder.File("hits.csv");
        File.WriteAllText(hits, "event,plane,y\n1,0,2.5\n");
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c",
            $"dotnet '{Program}' reconstruct muon /dev/stdout --events '{hits}' -q | cat"])
        { RedirectStandardOutput = true, UseShellExecute = false })!;
        string[] lines = shell.StandardOutput.ReadToEnd().TrimEnd().Split('\n');
        shell.WaitForExit();
        Assert.Equal(2, lines.Length);
    }

    // The exit code, how many events or frames came out, and whether each came after the one before.
    private static (int Code, long Groups, bool Ascending) Run(string system, Func<long, bool> goesOn, List<long> megabytes)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet",
            [Program, "reconstruct", system, "-", system == "calorimeter" ? "--hits" : "--events", "-", "--threads", "1", "-q"])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        Thread writer = new(() =>
        {
            try
            {
                using Stream input = process.StandardInput.BaseStream;
                input.Write(Encoding.ASCII.GetBytes(Header(system) + "\n"));
                (long Number, string[] Rows)[] sample = Sample(system);
                StringBuilder text = new();
                for (long e = 0; goesOn(e); e++)
                {
                    foreach (string row in sample[(int)(e % sample.Length)].Rows)
                    {
                        text.Append(e).Append(row).Append('\n');
                    }

                    if (text.Length > 1 << 16)
                    {
                        input.Write(Encoding.ASCII.GetBytes(text.ToString()));
                        text.Clear();
                    }
                }

                input.Write(Encoding.ASCII.GetBytes(text.ToString()));
            }
            catch (IOException)
            {
                // The program has ended early, which its exit code tells.
            }
        });
        writer.Start();
        long groups = 0, last = long.MinValue;
        bool ascending = true;
        long sampled = 0;
        process.StandardOutput.ReadLine();
        while (process.StandardOutput.ReadLine() is { } row)
        {
            long number = long.Parse(row.AsSpan(0, row.IndexOf(',', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
            ascending &= number >= last;
            groups += number != last ? 1 : 0;
            last = number;
            if (Stopwatch.GetElapsedTime(sampled) > _pause)
            {
                sampled = Stopwatch.GetTimestamp();
                string line = File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
                megabytes.Add(long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
                    CultureInfo.InvariantCulture) / 1024);
            }
        }

        process.WaitForExit();
        writer.Join();
        return (process.ExitCode, groups, ascending);
    }

    private static string Header(string system) => system switch
    {
        "muon" => "event,plane,y,charge,time" + string.Concat(Enumerable.Range(0, _toy16.StationCount).Select(s => $",road_{s}")),
        "endcap" => "event,plane,u,charge,time",
        _ => "eventID,layer,posX,posY,edep",
    };

    // Rows of a system's events, behind the number.
    private static (long Number, string[] Rows)[] Sample(string system)
    {
        if (system == "muon")
        {
            HitSet hits = MuonSimulation.Generate(_toy16, new(), 7, 0, 500).Hits;
            return [.. Enumerable.Range(0, hits.Count).Select(e => (hits.EventNumber[e], Enumerable.Range(hits.Offsets[e],
                hits.Offsets[e + 1] - hits.Offsets[e]).Select(h => string.Create(CultureInfo.InvariantCulture,
                    $",{hits.Plane[h]},{hits.Y[h]},{hits.Charge[h]},{hits.Time[h]}")
                    + string.Concat(hits.RoadsOf(e).ToArray().Select(road => "," + NumberText.Of(road)))).ToArray()))
                .Where(rows => rows.Item2.Length > 0)];
        }

        if (system == "endcap")
        {
            EndcapInput input = new(EndcapDetector.Shipped, null, null, null, 2, 4);
            EndcapEvents events = input.Simulated(0, 100);
            return [.. Enumerable.Range(0, events.Count).Select(e => (events.Number[e], Enumerable.Range(events.Offsets[e],
                events.Offsets[e + 1] - events.Offsets[e]).Select(h => string.Create(CultureInfo.InvariantCulture,
                    $",{events.Plane[h]},{events.U[h]},{events.Charge[h]},{events.Time[h]}")).ToArray()))
                .Where(rows => rows.Item2.Length > 0)];
        }

        CalorimeterDeposits deposits = CalorimeterDepositReader.Read(
            TestData.InRepository("data", "geant4-dtc", "water200_test_hits.csv.gz"));
        return [.. Enumerable.Range(0, deposits.Count).GroupBy(row => deposits.EventNumber[row])
            .Select(rows => (rows.Key, rows.Where(row => deposits.Particle[row] is not (11 or -11 or 22))
                .Select(row => string.Create(CultureInfo.InvariantCulture,
                    $",{deposits.Layer[row]},{deposits.X[row]},{deposits.Y[row]},{deposits.Energy[row]}")).ToArray()))
            .Where(rows => rows.Item2.Length > 0)];
    }

    private static long Number(string variable, long absent) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : absent;

    // What docs/testing.md states; SAGITTA_NOTES names a file that keeps it.
    private static void Note(string line)
    {
        if (Environment.GetEnvironmentVariable("SAGITTA_NOTES") is { } file)
        {
            File.AppendAllText(file, line + "\n");
        }
    }
}
