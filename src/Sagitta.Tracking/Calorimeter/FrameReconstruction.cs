namespace Sagitta.Tracking.Calorimeter;

/// <summary>Hits to tracks for one frame after another, with memory of its own: one object a thread.</summary>
internal sealed class FrameReconstruction : IDisposable
{
    private readonly Tape<float> _tape = new(recording: false);
    private readonly SparseAssignment _solver = new();
    private readonly SegmentInput _input = new();
    private readonly TrackRanges _ranges = new(CalorimeterSource.LayerDepths);
    private CalorimeterExperiment _experiment = new();
    private float[] _costs = [];
    private int[] _segmentOfHit = [];
    private int[] _shallowerOf = [];

    /// <summary>Segments and links of the last frame.</summary>
    public SegmentGraph Graph => _input.Graph;

    /// <summary>Bytes that the network's values have taken at most, the largest part of a frame's memory.</summary>
    public long MemoryBytes => _tape.Capacity;

    /// <summary>Per hit of the last frame: the hit it was joined to towards the beam, or -1.</summary>
    public ReadOnlySpan<int> ShallowerOf => _shallowerOf;

    /// <summary>Tracks by a network's scores and the assignment.</summary>
    /// <param name="frame">The hits.</param>
    /// <param name="model">The network.</param>
    /// <param name="moments">When given, the frame's own moments normalise, as in training, and are left here; else the running averages
    /// do.</param>
    public IReadOnlyList<SegmentTrack> Reconstruct(CalorimeterFrame frame, CalorimeterModel model, SegmentMoments? moments = null)
    {
        Prepare(frame, model.Experiment, moments is not null);
        _tape.Reset();
        _tape.Bind(model.Parameters);
        ReadOnlySpan<float> logits = model.Network.Forward(_tape, _input, moments).Values;
        if (_costs.Length < logits.Length)
        {
            _costs = new float[2 * logits.Length];
        }

        for (int e = 0; e < logits.Length; e++)
        {
            _costs[e] = 1 / (1 + MathF.Exp(logits[e]));
        }

        _solver.AlonePrice = model.Experiment.Tracks.UnassignedPrice ?? double.PositiveInfinity;
        _solver.Solve<float>(Graph.Offsets, Graph.Shallower, frame.Count, _costs.AsSpan(0, logits.Length),
            _segmentOfHit.AsSpan(0, frame.Count));
        TrackFinding.Join(Graph, _segmentOfHit.AsSpan(0, frame.Count), _shallowerOf);
        return TrackFinding.Follow(frame, _shallowerOf.AsSpan(0, frame.Count), model.Experiment.Tracks);
    }

    /// <summary>Tracks by the follower.</summary>
    public IReadOnlyList<SegmentTrack> Reconstruct(CalorimeterFrame frame, NearestAngleFollower follower, CalorimeterExperiment experiment)
    {
        Prepare(frame, experiment, withMoments: false);
        follower.Follow(frame, Graph, _shallowerOf.AsSpan(0, frame.Count));
        return TrackFinding.Follow(frame, _shallowerOf.AsSpan(0, frame.Count), experiment.Tracks);
    }

    /// <summary>Compares the tracks of the last frame, and the segments chosen for them, with the truth.</summary>
    public FrameResult Compare(CalorimeterFrame frame, IReadOnlyList<SegmentTrack> tracks)
    {
        int chosenTrue = 0;
        int chosenFalse = 0;
        for (int hit = 0; hit < frame.Count; hit++)
        {
            int joined = _shallowerOf[hit];
            if (joined >= 0)
            {
                bool same = _experiment.Gates.AreJoined(frame, hit, joined);
                chosenTrue += same ? 1 : 0;
                chosenFalse += same ? 0 : 1;
            }
        }

        int trueSegments = Graph.Label.Count(true);
        return new(TrackScore.Of(frame, tracks, _experiment.Tracks.Completeness), trueSegments, Graph.Count - trueSegments, chosenTrue,
            chosenFalse, RangeScore.Of(frame, tracks, _ranges));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _tape.Dispose();
        _ranges.Dispose();
    }

    private void Prepare(CalorimeterFrame frame, CalorimeterExperiment experiment, bool withMoments)
    {
        _experiment = experiment;
        _input.Set(frame, experiment.Gates, withMoments);
        if (_shallowerOf.Length < frame.Count)
        {
            _shallowerOf = new int[2 * frame.Count];
            _segmentOfHit = new int[2 * frame.Count];
        }
    }
}
