namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>Evaluates all methods on one test sample in a folder: events.npz (without hits), recipe.txt, and a result file for each method
/// and model. What is there already is read, so a stopped run goes on where it was.</summary>
internal sealed class MuonSampleEvaluation(MuonChain chain, IReadOnlyList<MuonModel> models, MuonTestSample sample, string folder)
{
    private const string Recipe = "recipe.txt";
    private readonly List<Job> _jobs = Jobs(models);

    /// <summary>Methods and models.</summary>
    public int Count => _jobs.Count;

    /// <summary>Evaluates what is missing and returns all.</summary>
    public MuonSampleResult Run(WorkerThreads threads, IStageProgress stage, CancellationToken stop)
    {
        MuonMethodResult?[][] results = [.. _jobs.Select(job => new MuonMethodResult?[job.Names.Count])];
        EventSet? events = TryReadEvents();
        if (events is not null)
        {
            MuonEvaluation evaluation = new(chain, threads);
            for (int i = 0; i < results.Length; i++)
            {
                results[i] = [.. _jobs[i].Names.Select(name =>
                    MuonResultFile.TryRead(Path.Combine(folder, name + ".npz"), Key(_jobs[i]), events, evaluation.Measure))];
            }
        }

        int[] missing = [.. Enumerable.Range(0, results.Length).Where(i => events is null || results[i].Contains(null))];
        stage.Advance(results.Length - missing.Length);
        if (missing.Length > 0)
        {
            stop.ThrowIfCancellationRequested();
            EventSet whole = sample.Load(threads);
            if (events is null)
            {
                events = whole.WithoutHits();
                EventFile.Write(Path.Combine(folder, "events.npz"), events, sample.Recipe);
                AtomicFile.WriteText(Path.Combine(folder, Recipe), sample.Recipe);
            }

            SideBySide.Run(missing.Length, threads.Count, (i, lane) =>
            {
                stop.ThrowIfCancellationRequested();
                Job job = _jobs[missing[i]];
                MuonMethodResult[] found = job.Evaluate(new(chain, lane) { Measurement = MuonModel.WithStage(models)?.Measurement }, whole);
                for (int k = 0; k < found.Length; k++)
                {
                    MuonResultFile.Write(Path.Combine(folder, job.Names[k] + ".npz"), found[k], Key(job));
                    results[missing[i]][k] = found[k].WithoutHits();
                }

                stage.Advance();
            });
        }

        return new(sample.Name, sample.Background, events!,
            [.. results.SelectMany(r => r).OfType<MuonMethodResult>().OrderBy(r => r.Method.Order).ThenBy(r => r.Seed)])
        {
            LoadEvent = sample.LoadEvent,
            InScan = sample.InScan,
        };
    }

    private EventSet? TryReadEvents()
    {
        string recipe = Path.Combine(folder, Recipe);
        return File.Exists(recipe) && File.ReadAllText(recipe) == sample.Recipe ? EventFile.Read(
            Path.Combine(folder, "events.npz"), chain.Detector) : null;
    }

    private string Key(Job job) => $"{sample.Recipe}; {job.Fingerprint}";

    private static List<Job> Jobs(IReadOnlyList<MuonModel> models)
    {
        string shared = MuonModel.WithStage(models) is { } first ? " " + MuonModelFile.Fingerprint(first) : "";
        const string Bare = "-without-stage";
        Job Alone(MuonMethod method, string fingerprint, Func<MuonEvaluation, EventSet, MuonMethodResult> evaluate) =>
            new(shared.Length > 0 ? [method.Name, method.Name + Bare] : [method.Name], fingerprint + shared, (evaluation, events) =>
            {
                MuonMethodResult result = evaluate(evaluation, events);
                return shared.Length > 0 ? [result, evaluation.WithoutStage(result, events)] : [result];
            });
        List<Job> jobs = [Alone(MuonMethod.Truth, "labels", (evaluation, events) => evaluation.Truth(events))];
        foreach (MuonModel model in models)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{model.Method}-seed{model.Experiment.Seed}");
            string fingerprint = MuonModelFile.Fingerprint(model);
            bool staged = model.Experiment.Measurement.Enabled;
            string[] bare = staged ? [name + Bare] : [];
            jobs.Add(new([name, name + "-outliers", name + "-search", .. bare], fingerprint, (evaluation, events) =>
            {
                MuonMethodResult result = evaluation.Network(model, events);
                MuonMethodResult[] without = staged ? [evaluation.WithoutStage(result, events)] : [];
                return [result, evaluation.WithOutlierRemoval(model, result, events), evaluation.WithTrackSearch(model, result, events),
                    .. without];
            }));
        }

        jobs.Add(Alone(MuonMethod.Classical, "Hough", (evaluation, events) => evaluation.Classical(events)));
        jobs.Add(new([MuonMethod.Road.Name], "roads", (evaluation, events) => [evaluation.Road(events)]));
        return jobs;
    }

    private sealed record Job(IReadOnlyList<string> Names, string Fingerprint, Func<MuonEvaluation, EventSet, MuonMethodResult[]> Evaluate);
}
