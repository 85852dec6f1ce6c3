using Spectre.Console;

namespace Sagitta.Cli.Progress;

/// <summary>
/// Progress as bars on the error stream of a terminal. The library draws inside one blocking call, so that call runs on a thread
/// of its own from the first stage that begins to the last that ends.
/// </summary>
internal sealed class TerminalProgress : IRunProgress, IDisposable
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly Lock _gate = new();
    private ProgressContext? _live;
    private Thread? _thread;
    private ManualResetEventSlim? _end;
    private int _open;

    /// <inheritdoc />
    public IStageProgress Begin(string name, long total, string unit)
    {
        lock (_gate)
        {
            if (_open++ == 0)
            {
                Start();
            }

            return new Stage(this, _live!.AddTask(Markup.Escape(name), maxValue: Math.Max(1, total)), name, total, unit);
        }
    }

    /// <inheritdoc />
    public void Note(string line) => _console.MarkupLine(Markup.Escape(line));

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            End();
        }
    }

    private void Start()
    {
        using ManualResetEventSlim ready = new();
        _end = new();
        ManualResetEventSlim end = _end;
        _thread = new(() => _console.Progress()
            .AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .Start(context =>
            {
                _live = context;
                ready.Set();
                end.Wait();
            }))
        { IsBackground = true, Name = "Sagitta progress" };
        _thread.Start();
        ready.Wait();
    }

    private void End()
    {
        _end?.Set();
        _thread?.Join();
        _end?.Dispose();
        (_end, _thread, _live) = (null, null, null);
    }

    private void Close(ProgressTask task)
    {
        lock (_gate)
        {
            task.StopTask();
            if (--_open == 0)
            {
                End();
            }
        }
    }

    private sealed class Stage(TerminalProgress owner, ProgressTask task, string name, long total, string unit) : IStageProgress
    {
        // Bars are redrawn ten times a second; describing them more often would only cost.
        private static readonly long _pauseTicks = TimeSpan.FromMilliseconds(200).Ticks;
        private readonly Pace _pace = new(total, unit);
        private long _lastTicks;
        private string _text = string.Empty;

        public void Advance(long units = 1)
        {
            long done = _pace.Advance(units);
            long now = _pace.Elapsed.Ticks, last = Interlocked.Read(ref _lastTicks);
            if (now - last >= _pauseTicks && Interlocked.CompareExchange(ref _lastTicks, now, last) == last)
            {
                task.Value = done;
                task.Description = Describe();
            }
        }

        public void Show(string text) => Volatile.Write(ref _text, text);

        public void Dispose()
        {
            task.Value = total > 0 ? _pace.Done : 1;
            task.Description = Describe();
            owner.Close(task);
        }

        private string Describe()
        {
            string pace = _pace.ToString();
            string text = Volatile.Read(ref _text);
            return Markup.Escape(string.Join("  ", new[] { name, pace, text }.Where(part => part.Length > 0)));
        }
    }
}
