namespace Sagitta.Core.Progress;

/// <summary>Where long work tells how far it is. Library code knows no console: the command line shows this as bars or lines.</summary>
internal interface IRunProgress
{
    /// <summary>Begins a stage of known length; dispose it when the stage ends.</summary>
    /// <param name="name">What is being done: "train end-to-end, seed 1".</param>
    /// <param name="total">Units of work, 0 if there are none.</param>
    /// <param name="unit">What is counted, in the plural: "events".</param>
    IStageProgress Begin(string name, long total, string unit);

    /// <summary>Tells one line of news.</summary>
    void Note(string line);
}

/// <summary>One stage of long work; see <see cref="IRunProgress.Begin"/>. Cheap enough to be told every step, from any thread.</summary>
internal interface IStageProgress : IDisposable
{
    /// <summary>Adds units of work done.</summary>
    void Advance(long units = 1);

    /// <summary>Shows a short text beside the stage, the loss for one.</summary>
    void Show(string text);
}

/// <summary>Progress that nobody watches.</summary>
internal sealed class SilentProgress : IRunProgress, IStageProgress
{
    private SilentProgress()
    {
    }

    public static SilentProgress Instance { get; } = new();

    public IStageProgress Begin(string name, long total, string unit) => this;

    public void Note(string line)
    {
    }

    public void Advance(long units = 1)
    {
    }

    public void Show(string text)
    {
    }

    public void Dispose()
    {
    }
}

/// <summary>Progress whose stages also advance one stage that spans them all, each unit by a weight: the estimate of a whole run.</summary>
/// <param name="inner">Where the stages are shown.</param>
/// <param name="whole">The stage that spans them.</param>
/// <param name="weight">What a unit of the inner stage of a name counts in the spanning one.</param>
internal sealed class CountedProgress(IRunProgress inner, IStageProgress whole, Func<string, long> weight) : IRunProgress
{
    public IStageProgress Begin(string name, long total, string unit) => new Stage(inner.Begin(name, total, unit), whole, weight(name));

    public void Note(string line) => inner.Note(line);

    private sealed class Stage(IStageProgress inner, IStageProgress whole, long weight) : IStageProgress
    {
        public void Advance(long units = 1)
        {
            inner.Advance(units);
            whole.Advance(units * weight);
        }

        public void Show(string text) => inner.Show(text);

        public void Dispose() => inner.Dispose();
    }
}

/// <summary>A stage that begins with its first unit: input that can't be read is then told without it.</summary>
internal sealed class LateStage(Func<IStageProgress> begin) : IDisposable
{
    private IStageProgress? _stage;

    /// <summary>Adds units of work done.</summary>
    public void Advance(long units = 1) => (_stage ??= begin()).Advance(units);

    public void Dispose() => _stage?.Dispose();
}
