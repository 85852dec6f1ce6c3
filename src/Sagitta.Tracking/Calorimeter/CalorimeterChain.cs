namespace Sagitta.Tracking.Calorimeter;

/// <summary>The way from hits to tracks, stage by stage: hits, segments and their links (<see cref="SegmentInput"/>), a score for each
/// segment (<see cref="SegmentScorer"/>), the assignment (<see cref="SegmentAssignment"/>), tracks (<see cref="TrackFinding"/>), their
/// ranges (<see cref="TrackRanges"/>). Training takes the first two stages on a tape that records, and its loss
/// (<see cref="CalorimeterLoss"/>) the third; analyses take the stages one by one. Memory of its own: one object a thread.</summary>
internal sealed class CalorimeterChain : IDisposable
{
    private readonly Tape<float> _tape = new(recording: false);
    private CalorimeterExperiment _experiment = new();
    private CalorimeterGeometry? _geometry;
    private TrackRanges? _ranges;

    /// <summary>The last frame with its segments and links.</summary>
    public SegmentInput Input { get; } = new();

    /// <summary>Segments and links of the last frame.</summary>
    public SegmentGraph Graph => Input.Graph;

    /// <summary>Which segments of the last frame were chosen.</summary>
    public SegmentAssignment Assignment { get; } = new();

    /// <summary>Bytes that the network's values have taken at most, the largest part of a frame's memory.</summary>
    public long MemoryBytes => _tape.Capacity;

    /// <summary>Scores of a frame's segments as logits, on a tape of the caller's that begins anew.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="network">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="input">Segments and links.</param>
    /// <param name="moments">When given, the frame's own moments normalise and are left here; else the running averages do.</param>
    /// <param name="gradient">Receives the gradient of a backward pass.</param>
    public static Tensor<T> Score<T>(Tape<T> tape, SegmentScorer network, ParameterVector<T> parameters, SegmentInput input,
        SegmentMoments? moments = null, ParameterVector<T>? gradient = null)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        tape.Reset();
        tape.Bind(parameters, gradient);
        return network.Forward(tape, input, moments);
    }

    /// <summary>Tracks by a network's scores and the assignment.</summary>
    /// <param name="frame">The hits.</param>
    /// <param name="model">The network.</param>
    /// <param name="moments">As for <see cref="Score"/>.</param>
    public IReadOnlyList<SegmentTrack> Reconstruct(CalorimeterFrame frame, CalorimeterModel model, SegmentMoments? moments = null) =>
        [.. Chains(frame, model, moments).Where(chain => chain.Status == CalorimeterTrackStatus.Found)];

    /// <summary>The same with the chains that the selection drops, which say so in their status.</summary>
    public IReadOnlyList<SegmentTrack> Chains(CalorimeterFrame frame, CalorimeterModel model, SegmentMoments? moments = null)
    {
        Begin(frame, model.Experiment, model.Geometry, moments is not null);
        ReadOnlySpan<float> logits = Score(_tape, model.Network, model.Parameters, Input, moments).Values;
        Assignment.Solve(Graph, logits, _experiment.Tracks.UnassignedPrice);
        return TrackFinding.Chains(frame, Assignment.ShallowerOf, _experiment.Tracks);
    }

    /// <summary>Tracks by the follower.</summary>
    public IReadOnlyList<SegmentTrack> Reconstruct(CalorimeterFrame frame, NearestAngleFollower follower, CalorimeterExperiment experiment)
    {
        bool known = _geometry is not null && _experiment.Detector == experiment.Detector;
        Begin(frame, experiment, known ? _geometry! : CalorimeterGeometry.Load(experiment.Detector), withMoments: false);
        Assignment.Begin(Graph);
        follower.Follow(frame, Graph, Assignment.ShallowerOf);
        return TrackFinding.Follow(frame, Assignment.ShallowerOf, experiment.Tracks);
    }

    /// <summary>Tracks of a perfect tracker, which the gates and the selection alone limit.</summary>
    public IReadOnlyList<SegmentTrack> Perfect(CalorimeterFrame frame, CalorimeterModel model)
    {
        Begin(frame, model.Experiment, model.Geometry, withMoments: false);
        Assignment.Begin(Graph);
        PerfectTracker.Join(frame, Graph, Assignment.ShallowerOf);
        return TrackFinding.Follow(frame, Assignment.ShallowerOf, _experiment.Tracks);
    }

    /// <summary>Ranges of tracks of the last frame.</summary>
    public RangeEstimate[] Fit(IReadOnlyList<SegmentTrack> tracks) => _ranges!.Fit(Input.Frame, tracks);

    /// <summary>Compares the tracks of the last frame, and the segments chosen for them, with the truth.</summary>
    public FrameResult Compare(CalorimeterFrame frame, IReadOnlyList<SegmentTrack> tracks)
    {
        frame.RequireTruth();
        int chosenTrue = 0;
        int chosenFalse = 0;
        ReadOnlySpan<int> shallowerOf = Assignment.ShallowerOf;
        for (int hit = 0; hit < frame.Count; hit++)
        {
            int joined = shallowerOf[hit];
            if (joined >= 0)
            {
                bool same = _experiment.Gates.AreJoined(frame, hit, joined);
                chosenTrue += same ? 1 : 0;
                chosenFalse += same ? 0 : 1;
            }
        }

        int trueSegments = Graph.Label.Count(true);
        int[] perfect = new int[frame.Count];
        PerfectTracker.Join(frame, Graph, perfect);
        return new(TrackScore.Of(frame, tracks, _experiment.Tracks.Completeness), trueSegments, Graph.Count - trueSegments, chosenTrue,
            chosenFalse, RangeScore.Of(frame, tracks, _ranges!),
            TrackScore.Of(frame, TrackFinding.Follow(frame, perfect, _experiment.Tracks), _experiment.Tracks.Completeness));
    }

    public void Dispose()
    {
        _tape.Dispose();
        _ranges?.Dispose();
    }

    private void Begin(CalorimeterFrame frame, CalorimeterExperiment experiment, CalorimeterGeometry geometry, bool withMoments)
    {
        _experiment = experiment;
        if (!ReferenceEquals(geometry, _geometry))
        {
            _geometry = geometry;
            _ranges?.Dispose();
            _ranges = new(geometry.Depths, geometry.Scale);
        }

        geometry.Check(frame);
        Input.Set(frame, experiment.Gates, withMoments);
    }
}
