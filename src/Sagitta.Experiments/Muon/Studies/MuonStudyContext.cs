namespace Sagitta.Experiments.Muon.Studies;

/// <summary>What studies start from: the main comparison of a run with its options, made when first asked for, the run's folder, where what
/// they train goes, and the seeds of studies that train.</summary>
internal sealed record MuonStudyContext(
    MuonReproductionOptions Options,
    string Folder,
    int Seeds,
    Lazy<MuonComparison> Headline,
    WorkerThreads Threads,
    IRunProgress Progress,
    CancellationToken Stop)
{
    /// <summary>Names of the columns of <see cref="Rows"/>.</summary>
    public static IReadOnlyList<string> MethodColumns { get; } = ["AUC", "efficiency", "core", "beyond 5", "bias"];

    /// <summary>The flux that studies look at: 5 kHz/cm2 where the run has it, else its first.</summary>
    public double Flux => Options.Experiment.Data.TestBackgrounds.Contains(5) ? 5 : Options.Experiment.Data.TestBackgrounds[0];

    public Detector Detector => DetectorFile.Load(Options.Experiment.Detector);

    /// <summary>Simulated test events at <see cref="Flux"/>.</summary>
    public EventSet TestEvents() => MuonSamples.Test(Options.Experiment, Detector, Flux, Threads);

    /// <summary>Runs evaluations side by side.</summary>
    public IReadOnlyList<MuonMethodResult> Evaluate(
        string name, MuonChain chain, IReadOnlyList<Func<MuonEvaluation, MuonMethodResult>> jobs)
    {
        MuonMethodResult[] results = new MuonMethodResult[jobs.Count];
        using IStageProgress stage = Progress.Begin("study " + name, jobs.Count, "methods");
        SideBySide.Run(jobs.Count, Threads.Count, (i, lane) =>
        {
            Stop.ThrowIfCancellationRequested();
            results[i] = jobs[i](new(chain, lane)).WithoutHits();
            stage.Advance();
        });
        return results;
    }

    /// <summary>A row for each method, seeds averaged, and one for the difference in core of the two networks where both are there, with
    /// its interval.</summary>
    public static IEnumerable<MuonStudyRow> Rows(string prefix, MuonComparison comparison, MuonSampleResult sample)
    {
        foreach (MuonMethod method in sample.MethodsInOrder.Where(m => m != MuonMethod.Road))
        {
            yield return new(prefix + method, Mean(sample.Of(method)));
        }

        if (sample.IsPaired)
        {
            yield return Difference(prefix + "end-to-end minus factorised", comparison, sample, MuonMethod.EndToEnd, MuonMethod.Factorised);
        }
    }

    /// <summary>A row of differences: AUC, efficiency, core, and in the last two columns the ends of the core's interval.</summary>
    public static MuonStudyRow Difference(string label, MuonComparison comparison, MuonSampleResult sample, MuonMethod first,
        MuonMethod second)
    {
        MuonDifferences differences = comparison.Differences(sample);
        PairedDifference core = differences.CoreWidth(first, second);
        return new(
            $"{label} (core interval in the last two)",
            [differences.Auc(first, second).Value, differences.Efficiency(first, second).Value, core.Value, core.Low, core.High]);
    }

    private static double[] Mean(IReadOnlyList<MuonMethodResult> seeds) =>
    [
        seeds.Average(s => s.Auc), seeds.Average(s => s.Resolution.Efficiency), seeds.Average(s => s.Resolution.CoreWidth),
        seeds.Average(s => s.Resolution.Tail5), seeds.Average(s => s.Resolution.Bias),
    ];
}
