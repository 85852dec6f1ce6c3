using Sagitta.Autodiff.Parallelism;
using Sagitta.Autodiff.Randomness;
using Sagitta.Experiments.Configuration;
using Sagitta.Experiments.Progress;

namespace Sagitta.Experiments.Landscapes;

/// <summary>What all analyses of a run share.</summary>
/// <param name="Options">How much is done.</param>
/// <param name="Store">Finished results.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Progress">Where progress is shown.</param>
/// <param name="Key">Randomness.</param>
/// <param name="Stop">Ends the run between units of work; what is stored stays.</param>
public sealed record LandscapeContext(
    LandscapeOptions Options,
    AnalysisStore Store,
    WorkerThreads Threads,
    IRunProgress Progress,
    RandomKey Key,
    CancellationToken Stop)
{
    /// <summary>What a result depends on, as a text: its own options, the data, and the models.</summary>
    public string Origin(object options, params IEnumerable<string> models) =>
        string.Join('\n', [ConfigurationFile.Write(options), ConfigurationFile.Write(Options.Data), Key.State.ToString("x", null), .. models]);
}
