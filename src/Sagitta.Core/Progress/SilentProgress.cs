namespace Sagitta.Core.Progress;

/// <summary>Progress that nobody watches.</summary>
internal sealed class SilentProgress : IRunProgress, IStageProgress
{
    private SilentProgress()
    {
    }

    /// <summary>The one instance.</summary>
    public static SilentProgress Instance { get; } = new();

    /// <inheritdoc />
    public IStageProgress Begin(string name, long total, string unit) => this;

    /// <inheritdoc />
    public void Note(string line)
    {
    }

    /// <inheritdoc />
    public void Advance(long units = 1)
    {
    }

    /// <inheritdoc />
    public void Show(string text)
    {
    }

    /// <inheritdoc />
    public void Dispose()
    {
    }
}
