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
