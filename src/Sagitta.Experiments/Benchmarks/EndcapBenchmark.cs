namespace Sagitta.Experiments.Benchmarks;

/// <summary>Speed of the endcap on one core, on the events of the shipped Geant4 slice that have two muons, with 5 kHz/cm2: hits to tracks
/// with the shipped model and by the classical method, and the fit of one track from its measurements.</summary>
internal sealed class EndcapBenchmark : BenchmarkGroup
{
    private readonly EndcapNetwork _model;
    private readonly EndcapEvents _events;
    private readonly EndcapMemory _learned, _classical;
    private readonly EndcapReconstruction _chain;
    private readonly List<EndcapTrackInput> _tracks = [];
    private readonly int[] _pairs;
    private readonly double[] _covariance = new double[TrackState.Count * TrackState.Count];

    public EndcapBenchmark()
    {
        EndcapInput input = new(EndcapDetector.Shipped, null, ShippedFile.Find("data/geant4-endcap/test150_hits.csv.gz"),
            ShippedFile.Find("data/geant4-endcap/test150_truth.csv.gz"), 5, 1);
        _events = input.Read(out EndcapDetector detector);
        _model = EndcapNetwork.Read(EndcapCommands.ShippedModels[0]);
        _chain = new(detector, _model.Experiment.Search);
        (_learned, _classical) = (new(_chain, _model), new(_chain, null));
        _pairs = [.. Enumerable.Range(0, _events.Count).Where(e => _events.MuonsOf(e).Length == 2)];
        foreach (int e in _pairs)
        {
            foreach (EndcapTrack track in _learned.Reconstruct(_events, e))
            {
                EndcapTrial trial = _learned.Tracker.TrialOf(track);
                _tracks.Add(new(_chain));
                _tracks[^1].Take(_learned.Tracker.Clusters, trial.Clusters, trial.Slopes);
            }
        }
    }

    public override IReadOnlyList<EventSizes> Sizes => [new("endcap", [("hits", _pairs.Average(e => _events.Offsets[e + 1]
        - _events.Offsets[e])), ("tracks", (double)_tracks.Count / _pairs.Length)])];

    public override IEnumerable<IReadOnlyList<BenchmarkFigure>> Run(double seconds)
    {
        yield return
        [
            BenchmarkFigure.Time("endcap.fit", Timing.Of(() => FitOnce(), seconds).Per(_tracks.Count), 1e6, "us", bound: 60),
            BenchmarkFigure.Time(
                "endcap.reconstruct", Timing.Of(() => ReconstructOnce(_learned), seconds).Per(_pairs.Length), 1e3, "ms", bound: 2),
            BenchmarkFigure.Time(
                "endcap.classical", Timing.Of(() => ReconstructOnce(_classical), seconds).Per(_pairs.Length), 1e3, "ms", double.NaN),
        ];
    }

    /// <summary>All tracks once; returns how many converged.</summary>
    public int FitOnce() => _tracks.Count(track =>
        _chain.Fit.Fit(track.Measured, track.Sigma, track.Presence, _covariance).Status == SolveStatus.Converged);

    public override void Dispose()
    {
        _learned.Dispose();
        _classical.Dispose();
        _model.Dispose();
    }

    private void ReconstructOnce(EndcapMemory memory)
    {
        foreach (int e in _pairs)
        {
            memory.Reconstruct(_events, e);
        }
    }
}
