namespace Sagitta.Cli.Progress;

/// <summary>
/// How fast a stage goes: rate and time that remains. The rate is that of the last half to three quarters of the time so far: what a
/// resumed run had done before, and the slow first steps of a program, do not count.
/// </summary>
internal sealed class Pace(long total, string unit, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly long _start = (clock ?? TimeProvider.System).GetTimestamp();
    private readonly Lock _gate = new();
    private (long Ticks, long Done) _older;
    private (long Ticks, long Done) _newer;
    private long _nextMark;
    private long _done;

    /// <summary>Units done.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Units in all, 0 if unknown.</summary>
    public long Total => total;

    /// <summary>Since the beginning.</summary>
    public TimeSpan Elapsed => _clock.GetElapsedTime(_start);

    /// <summary>Units a second at present; 0 where none is done.</summary>
    public double Rate
    {
        get
        {
            lock (_gate)
            {
                double seconds = TimeSpan.FromTicks(Elapsed.Ticks - _older.Ticks).TotalSeconds;
                return seconds > 0 && Done > _older.Done ? (Done - _older.Done) / seconds : 0;
            }
        }
    }

    /// <summary>Counts units and returns the new count.</summary>
    public long Advance(long units)
    {
        long done = Interlocked.Add(ref _done, units), now = Elapsed.Ticks;
        if (now >= Interlocked.Read(ref _nextMark))
        {
            lock (_gate)
            {
                (_older, _newer) = (_newer, (now, done));
                Interlocked.Exchange(ref _nextMark, 2 * now);
            }
        }

        return done;
    }

    /// <summary>"812 events/s, 6 s left".</summary>
    public override string ToString()
    {
        double rate = Rate;
        long done = Done;
        if (rate <= 0)
        {
            return string.Empty;
        }

        string text = RateOf(rate, unit);
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

    /// <summary>"812 events/s".</summary>
    public static string RateOf(double rate, string unit) =>
        $"{rate.ToString(rate >= 100 ? "F0" : rate >= 1 ? "F1" : "G2", CultureInfo.InvariantCulture)} {unit}/s";
}
