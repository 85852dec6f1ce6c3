using System.Diagnostics;

namespace Sagitta.Experiments.Benchmarks;

/// <summary>How long something takes, in seconds.</summary>
/// <param name="Fastest">The shortest sample: what the code can do on this machine.</param>
/// <param name="Median">The median sample: what it did beside everything else that ran.</param>
/// <param name="Percentile99">99 % of the samples were shorter.</param>
/// <param name="Samples">Number of samples.</param>
internal sealed record Timing(double Fastest, double Median, double Percentile99, int Samples)
{
    /// <summary>Runs an action until the just-in-time compiler has settled, then samples it for <paramref name="seconds"/> (at least 5
    /// samples). Short actions are repeated within a sample, until it lasts 50 microseconds.</summary>
    public static Timing Of(Action action, double seconds = 0.25)
    {
        // Tiered compilation counts 30 calls and compiles in the background a tenth of a second later, in up to three steps.
        for (int step = 0; step < 3; step++)
        {
            Repeat(action, 40, Math.Min(0.5, 5 * seconds));
            Thread.Sleep(120);
        }

        // The shortest of several: an interruption must not pass for a long action.
        int repeats = 1;
        while (Enumerable.Range(0, 5).Min(_ => Sample(action, repeats)) * repeats < 50e-6 && repeats < 1 << 20)
        {
            repeats *= 2;
        }

        List<double> samples = [];
        long start = Stopwatch.GetTimestamp();
        while (samples.Count < 5 || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            samples.Add(Sample(action, repeats));
        }

        samples.Sort();
        return new(samples[0], samples[samples.Count / 2], samples[samples.Count * 99 / 100], samples.Count);
    }

    /// <summary>The time of one of so many things that were done together.</summary>
    public Timing Per(int count) => new(Fastest / count, Median / count, Percentile99 / count, Samples);

    private static void Repeat(Action action, int most, double seconds)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < most && (i < 3 || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds); i++)
        {
            action();
        }
    }

    private static double Sample(Action action, int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / repeats;
    }
}
