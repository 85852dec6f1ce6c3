namespace Sagitta.Experiments.Landscapes;

/// <summary>How many analyses are left and about how long they take: after each one that was computed, a line of progress. Kinds that have
/// been timed in this run count with their mean time, others with a first guess, stretched as the timed ones were.</summary>
internal sealed class RemainingWork(IRunProgress progress)
{
    private readonly Dictionary<string, Kind> _kinds = new(StringComparer.Ordinal);
    private int _total;
    private int _done;

    /// <summary>Seconds left, by what is known so far.</summary>
    public double Seconds
    {
        get
        {
            Kind[] timed = [.. _kinds.Values.Where(k => k.Computed > 0)];
            double guessed = timed.Sum(k => k.Computed * k.Guess);
            double stretch = guessed > 0 ? timed.Sum(k => k.Spent) / guessed : 1;
            return _kinds.Values.Sum(k => k.Left * (k.Computed > 0 ? k.Spent / k.Computed : stretch * k.Guess));
        }
    }

    /// <summary>Announces analyses of a kind, each with a first guess of its seconds on two cores.</summary>
    public void Expect(string kind, int count, double seconds)
    {
        Of(kind).Left += count;
        Of(kind).Guess = seconds;
        _total += count;
    }

    /// <summary>One analysis is there: computed in that many seconds, or null if it was read.</summary>
    public void Finish(string kind, double? seconds)
    {
        Kind done = Of(kind);
        done.Left = Math.Max(0, done.Left - 1);
        _done++;
        if (seconds is { } spent)
        {
            done.Computed++;
            done.Spent += spent;
            double minutes = Seconds / 60;
            string left = minutes < 1 ? "under a minute" : string.Create(CultureInfo.InvariantCulture, $"about {minutes:0} min");
            progress.Note(string.Create(CultureInfo.InvariantCulture, $"{_done} of {Math.Max(_done, _total)} analyses done, {left} left"));
        }
    }

    private Kind Of(string name)
    {
        if (!_kinds.TryGetValue(name, out Kind? kind))
        {
            kind = new() { Guess = 1 };
            _kinds[name] = kind;
        }

        return kind;
    }

    private sealed class Kind
    {
        public int Left { get; set; }
        public int Computed { get; set; }
        public double Guess { get; set; }
        public double Spent { get; set; }
    }
}
