namespace Sagitta.Core.Progress;

/// <summary>One stage of long work; see <see cref="IRunProgress.Begin"/>. Cheap enough to be told every step, from any thread.</summary>
internal interface IStageProgress : IDisposable
{
    /// <summary>Adds units of work done.</summary>
    void Advance(long units = 1);

    /// <summary>Shows a short text beside the stage, the loss for one.</summary>
    void Show(string text);
}
