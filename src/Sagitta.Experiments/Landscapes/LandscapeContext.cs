using System.Diagnostics;

namespace Sagitta.Experiments.Landscapes;

/// <summary>What all analyses of a run share.</summary>
/// <param name="Options">How much is done.</param>
/// <param name="Store">Finished results.</param>
/// <param name="Work">What is left to do.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Progress">Where progress is shown.</param>
/// <param name="Key">Randomness.</param>
/// <param name="Stop">Ends the run between units of work; what is stored stays.</param>
internal sealed record LandscapeContext(
    LandscapeOptions Options,
    AnalysisStore Store,
    RemainingWork Work,
    WorkerThreads Threads,
    IRunProgress Progress,
    RandomKey Key,
    CancellationToken Stop)
{
    /// <summary>What a result depends on, as a text: its own options, the data, and the models.</summary>
    public string Origin(object options, params IEnumerable<string> models) =>
        string.Join('\n', [ConfigurationFile.Write(options), ConfigurationFile.Write(Options.Data), Key.State.ToString("x", null),
            .. models]);

    /// <summary>The result of an analysis, from the store or computed, and told as done.</summary>
    /// <param name="kind">What kind of analysis it is: those of a kind take about as long as each other.</param>
    /// <param name="name">Its name in the store.</param>
    /// <param name="origin">All that it depends on.</param>
    /// <param name="compute">The analysis.</param>
    public T Analyse<T>(string kind, string name, string origin, Func<T> compute)
        where T : class
    {
        Stop.ThrowIfCancellationRequested();
        double? seconds = null;
        T result = Store.Get(name, origin, () =>
        {
            long begin = Stopwatch.GetTimestamp();
            T computed = compute();
            seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            return computed;
        });
        Work.Finish(kind, seconds);
        return result;
    }
}
