namespace Sagitta.Core.Progress;

/// <summary>Progress whose stages also advance one stage that spans them all, each unit by a weight: the estimate of a whole run.</summary>
/// <param name="inner">Where the stages are shown.</param>
/// <param name="whole">The stage that spans them.</param>
/// <param name="weight">What a unit of the inner stages counts in the spanning one.</param>
internal sealed class CountedProgress(IRunProgress inner, IStageProgress whole, long weight) : IRunProgress
{
    /// <inheritdoc />
    public IStageProgress Begin(string name, long total, string unit) => new Stage(inner.Begin(name, total, unit), whole, weight);

    /// <inheritdoc />
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
