namespace Sagitta.Tracking.Muon;

/// <summary>
/// Hits of a muon spectrometer to tracks with a trained network: one track an event. It works through the events batch after batch, so that
/// what it needs itself does not grow with their number. Not to be used by several threads at once; it has threads of its own.
/// </summary>
/// <example>
/// Tracks of some hits with the model that comes with Sagitta:
/// <code>
/// using var reconstructor = MuonReconstructor.Load();
/// foreach (MuonTrack track in reconstructor.Reconstruct(HitSet.Read("hits.csv", reconstructor.Detector)))
/// {
///     Console.WriteLine($"{track.Event}: {track.Status}, pT {track.Pt} GeV");
/// }
/// </code>
/// </example>
public sealed class MuonReconstructor : IDisposable
{
    private const int BatchSize = 1024;
    private readonly MuonModel _model;
    private readonly MuonChain _chain;
    private readonly MuonWatch _watch;
    private readonly WorkerThreads _threads;
    private readonly MuonMemory[] _memories;

    internal MuonReconstructor(MuonModel model, Detector? detector, int threads)
    {
        Detector = detector ?? model.Detector;
        RequireCompatible(model.Detector, Detector);
        _model = model;
        _chain = new(model.Experiment.Reconstruction, Detector);
        _watch = new(model, Detector);
        _threads = new(threads > 0 ? threads : Environment.ProcessorCount);
        _memories = MuonMemory.ForEach(_threads);
    }

    /// <summary>The detector whose hits it takes.</summary>
    public Detector Detector { get; }

    /// <summary>
    /// Whether the hits of one track are searched for among the scored ones before the fit, and outliers removed after it: slower, and
    /// surer where background makes segments. Off unless it is set.
    /// </summary>
    public bool TrackSearch { get; init; }

    /// <summary>What looks wrong with the events so far, a sentence each: a detector other than the model's, hits or chi-squares where the
    /// model's training had none, few tracks, events with too many hits. Empty where all looks well, or few events were seen.</summary>
    public IReadOnlyList<string> Warnings => _watch.Warnings();

    /// <summary>Loads a model.</summary>
    /// <param name="path">A model file that training wrote; null for the one that comes with Sagitta for such a detector.</param>
    /// <param name="detector">A detector with as many stations and planes as that of the model, placed otherwise; null for that of the
    /// model itself.</param>
    /// <param name="trackSearch">See <see cref="TrackSearch"/>.</param>
    /// <param name="threads">Threads to work with, 0 for one a processor. Tracks do not depend on their number.</param>
    /// <returns>What finds tracks; dispose of it when done.</returns>
    /// <exception cref="BadInputException">The file is missing or no muon model, or the detector has other stations or planes.</exception>
    /// <example>
    /// The search for one track, in a detector of one's own:
    /// <code>
    /// using var reconstructor = MuonReconstructor.Load("model.safetensors", DetectorFile.Load("mine.yaml"), trackSearch: true);
    /// </code>
    /// </example>
    public static MuonReconstructor Load(string? path = null, Detector? detector = null, bool trackSearch = false, int threads = 0) =>
        new(MuonModelFile.Read(path ?? MuonModelFile.Shipped(detector?.Name)[0]), detector, threads) { TrackSearch = trackSearch };

    /// <summary>
    /// The tracks of all events in their order, found while they are asked for. Where the hits have no roads, these are found from the
    /// hits.
    /// </summary>
    /// <param name="hits">Hits of <see cref="Detector"/>.</param>
    /// <returns>A track an event; an event without one has a status that says why.</returns>
    /// <exception cref="BadInputException">The hits are of another detector, out of order, or their columns do not fit
    /// together.</exception>
    public IEnumerable<MuonTrack> Reconstruct(HitSet hits)
    {
        ArgumentNullException.ThrowIfNull(hits);
        hits.Check("the hits");
        if (!hits.Detector.SameGeometry(Detector))
        {
            throw new BadInputException(
                "the hits",
                $"they are of detector '{hits.Detector.Name}', not of '{Detector.Name}', or of one whose planes stand otherwise",
                "load the reconstructor with the detector of the hits");
        }

        return InBatches(hits.Placed(Detector));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _threads.Dispose();
        _memories.DisposeAll();
        _model.Parameters.Dispose();
    }

    private IEnumerable<MuonTrack> InBatches(HitSet hits)
    {
        for (int first = 0; first < hits.Count; first += BatchSize)
        {
            HitSet batch = hits.Slice(first, Math.Min(BatchSize, hits.Count - first));
            bool[] crowded = new bool[batch.Count];
            batch = CrowdedEvents.Empty(_chain, batch, crowded);
            batch = batch.HasRoads ? batch : CrowdedEvents.Empty(_chain, RoadSearch.Find(_chain, batch, _threads), crowded);
            TrackTable tracks = TrackSearch ? _chain.Search([_model], batch, _threads)[0]
                : _chain.Reconstruct(_model, batch, _threads, _memories);
            for (int e = 0; e < crowded.Length; e++)
            {
                tracks.Status[e] = crowded[e] ? SolveStatus.TooManyHits : tracks.Status[e];
            }

            _watch.Add(batch, tracks);
            for (int e = 0; e < tracks.Count; e++)
            {
                yield return tracks.Track(e, batch.EventNumber[e]);
            }
        }
    }

    // The network knows planes by their place in the station and stations by their order.
    internal static void RequireCompatible(Detector trained, Detector given)
    {
        if (!trained.Planes.Select(p => p.Station).SequenceEqual(given.Planes.Select(p => p.Station)))
        {
            throw new BadInputException($"detector '{given.Name}'",
                $"it has {given.Planes.Count} planes in {given.StationCount} stations, the model is for '{trained.Name}' with "
                    + $"{trained.Planes.Count} in {trained.StationCount}", "train a model for it, or take a model for such a detector");
        }
    }
}
