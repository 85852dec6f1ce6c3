using System.Diagnostics;

namespace Sagitta.Cli.Progress;

/// <summary>How fast a stage goes: rate so far and time that remains.</summary>
internal sealed class Pace(long total, string unit)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _done;

    /// <summary>Units done.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Units in all, 0 if unknown.</summary>
    public long Total => total;

    /// <summary>Since the beginning.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>Counts units and returns the new count.</summary>
    public long Advance(long units) => Interlocked.Add(ref _done, units);

    /// <summary>"812 events/s, 6 s left".</summary>
    public override string ToString()
    {
        long done = Done;
        double seconds = Elapsed.TotalSeconds;
        if (done == 0 || seconds <= 0)
        {
            return string.Empty;
        }

        double rate = done / seconds;
        string text = string.Create(CultureInfo.InvariantCulture, $"{Rounded(rate)} {unit}/s");
        return done < total ? $"{text}, {Duration((total - done) / rate)} left" : text;
    }

    /// <summary>"6 s", "2 min 05 s", "1 h 20 min".</summary>
    public static string Duration(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Min(Math.Ceiling(seconds), 1e8));
        return time.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min")
            : time.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds:00} s")
            : string.Create(CultureInfo.InvariantCulture, $"{time.Seconds} s");
    }

    private static string Rounded(double rate) => rate.ToString(rate >= 100 ? "F0" : rate >= 1 ? "F1" : "G2", CultureInfo.InvariantCulture);
}
