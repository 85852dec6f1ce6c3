namespace Sagitta.Cli.Progress;

/// <summary>Progress as plain lines, for files and pipes: each stage's beginning, every tenth of it but at most one line in five seconds,
/// its end.</summary>
internal sealed class PlainProgress(TextWriter writer) : IRunProgress
{
    private static readonly TimeSpan _shortestPause = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();

    /// <inheritdoc />
    public IStageProgress Begin(string name, long total, string unit) => new Stage(this, name, total, unit);

    /// <inheritdoc />
    public void Note(string line)
    {
        lock (_gate)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    private sealed class Stage : IStageProgress
    {
        private readonly PlainProgress _owner;
        private readonly string _name;
        private readonly string _unit;
        private readonly Pace _pace;
        private readonly Lock _gate = new();
        private TimeSpan _lastLine;
        private long _lastTenth;
        private string _text = string.Empty;

        public Stage(PlainProgress owner, string name, long total, string unit)
        {
            _owner = owner;
            _name = name;
            _unit = unit;
            _pace = new(total, unit);
            owner.Note(total > 0 ? string.Create(CultureInfo.InvariantCulture, $"{name}: {total} {unit}") : name);
        }

        public void Advance(long units = 1)
        {
            long done = _pace.Advance(units);
            if (_pace.Total <= 0 || done >= _pace.Total || done * 10 / _pace.Total <= Interlocked.Read(ref _lastTenth))
            {
                return;
            }

            lock (_gate)
            {
                if (_pace.Elapsed - _lastLine >= _shortestPause)
                {
                    _lastLine = _pace.Elapsed;
                    Interlocked.Exchange(ref _lastTenth, done * 10 / _pace.Total);
                    _owner.Note(string.Create(CultureInfo.InvariantCulture, $"{_name}: {done * 100 / _pace.Total} %, {_pace}{Suffix}"));
                }
            }
        }

        public void Show(string text) => Volatile.Write(ref _text, text);

        public void Dispose()
        {
            double seconds = _pace.Elapsed.TotalSeconds;
            string rate = _pace.Done > 0 && seconds > 0 ? Pace.RateOf(_pace.Done / seconds, _unit) : string.Empty;
            string count = _pace.Done < _pace.Total ? string.Create(
                CultureInfo.InvariantCulture, $"ended after {_pace.Done} of {_pace.Total} {_unit}") : "done";
            _owner.Note(
                $"{_name}: {count} in "
                + $"{Pace.Duration(_pace.Elapsed.TotalSeconds)}"
                + $"{(rate.Length > 0 && _pace.Done >= _pace.Total ? ", " + rate : string.Empty)}{Suffix}");
        }

        private string Suffix => _text.Length > 0 ? ", " + Volatile.Read(ref _text) : string.Empty;
    }
}
