namespace Sagitta.Experiments.Calorimeter;

/// <summary>What a reproduction looks at besides purity and efficiency: cuts on the margin, ranges, images.</summary>
internal sealed class CalorimeterStudies(
    CalorimeterExperiment experiment, CalorimeterModel first, double largestBend, CalorimeterEvaluation evaluation)
{
    private const int Protons = 100;

    /// <summary>Purity and efficiency against the margin, for these methods and every thickness of water.</summary>
    public IReadOnlyList<MarginCurve> Curves(IReadOnlyList<CalorimeterSource> sources, IEnumerable<MethodSeeds> methods) =>
    [
        .. sources.Where(source => source.Validation.Count > 0).SelectMany(source => methods.SelectMany(method => MarginCurve.Of(
            source.Water, method, source.Validation, source.Test.Frames(Protons, experiment.Data.TestFrames), evaluation))),
    ];

    /// <summary>Ranges, energies and path lengths behind every thickness whose truth is known: of a perfect tracker, the follower, these
    /// methods, and these methods with the cut of their curve.</summary>
    public IEnumerable<RangeQuality> Ranges(
        IReadOnlyList<CalorimeterSource> sources, IReadOnlyList<MethodSeeds> methods, IReadOnlyList<MarginCurve> curves)
    {
        foreach (CalorimeterSource source in sources)
        {
            if (experiment.Data.Samples.Count > 0 || TruthFile(source.Water) is not { } file)
            {
                continue;
            }

            IReadOnlyDictionary<long, ProtonTruth> truth = ProtonTruth.Read(file);
            IReadOnlyList<CalorimeterFrame> frames = source.Test.Frames(Protons, experiment.Data.TestFrames);
            RangeQuality Of(string label, IReadOnlyList<CalorimeterModel> seeds,
                Func<CalorimeterChain, CalorimeterFrame, CalorimeterModel, IReadOnlyList<SegmentTrack>> find) =>
                RangeQuality.Of(source.Water, label, seeds, find, frames, truth, evaluation);
            yield return Of(ImageRow.Truth, [first], (chain, frame, model) => chain.Perfect(frame, model));
            yield return Of(CalorimeterMethodResult.Follower, [first],
                (chain, frame, model) => chain.Reconstruct(
                    frame, new NearestAngleFollower { LargestBend = largestBend }, model.Experiment));
            foreach (MethodSeeds method in methods)
            {
                yield return Of(method.Label, method.Models, (chain, frame, model) => chain.Reconstruct(frame, model));
            }

            foreach (MarginCurve curve in curves.Where(c => c.Water == source.Water).DistinctBy(c => (c.Method, c.Cut)))
            {
                double smallest = MarginCurve.Margins[curve.Cut];
                yield return Of(string.Create(CultureInfo.InvariantCulture, $"{curve.Method.Label}, margin {smallest}"),
                    curve.Method.Models, (chain, frame, model) =>
                    {
                        IReadOnlyList<SegmentTrack> tracks = chain.Reconstruct(frame, model);
                        double[] margins = chain.Assignment.Margins(chain.Graph, frame.Layer);
                        return [.. tracks.Where(track => track.Hits.Skip(1).Min(hit => margins[hit]) >= smallest)];
                    });
            }
        }
    }

    /// <summary>Images of the experiment's radiograph: of a perfect tracker, the follower, and these methods. None without a
    /// radiograph.</summary>
    public IEnumerable<ImageRow> Images(
        IReadOnlyList<MethodSeeds> methods, WorkerThreads threads, IRunProgress progress, CancellationToken stop)
    {
        if (experiment.Data.Radiograph.Length == 0)
        {
            yield break;
        }

        Phantom phantom = Phantom.Load(CalorimeterSource.Existing(experiment.Data.Phantom));
        ImageScan scan = ImageScan.Read(new() { Hits = CalorimeterSource.Existing(experiment.Data.Radiograph), Protons = Protons },
            first.Geometry, phantom, needsTruth: true, progress.Note);
        CalorimeterImage Image(CalorimeterModel model, ImageTracker tracker) =>
            scan.Make(model, new() { Tracker = tracker }, threads, progress, stop);
        yield return new(ImageRow.Truth, [Image(first, ImageTracker.Truth)]);
        yield return new(CalorimeterMethodResult.Follower, [Image(first, ImageTracker.Follower)]);
        foreach (MethodSeeds method in methods)
        {
            yield return new(method.Label, [.. method.Models.Select(model => Image(model, ImageTracker.Network))]);
        }
    }

    private string? TruthFile(int water)
    {
        string name = Path.Combine(experiment.Data.Folder, $"water{water}_test_truth.csv.gz");
        return File.Exists(name) ? name : ShippedFile.TryFind(name);
    }
}

/// <summary>The trainings of one method, which tables show together.</summary>
/// <param name="Label">Name of the method.</param>
/// <param name="Models">A model for each seed.</param>
internal sealed record MethodSeeds(string Label, IReadOnlyList<CalorimeterModel> Models)
{
    /// <summary>The methods of these labels that have models, in the order of the labels.</summary>
    public static IEnumerable<MethodSeeds> Of(IEnumerable<string> labels, IReadOnlyList<CalorimeterModel> models) => labels
        .Select(label => new MethodSeeds(label, [.. models.Where(model => model.Method.Label == label)]))
        .Where(method => method.Models.Count > 0);
}
