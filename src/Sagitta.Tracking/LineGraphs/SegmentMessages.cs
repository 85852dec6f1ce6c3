using System.Numerics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Fused messages of a <see cref="SegmentNetwork"/> with hidden width 16 and maximum: from a prepared frame to the largest message
/// of each segment (segments x 16), without any array of links x 144. The first layer falls into a part of each end, computed once for each
/// segment, and a part of the angle, interpolated in a table; the first normalisation folds into its weights. Among equal largest messages
/// the first gets the gradient.</summary>
internal abstract class SegmentMessages<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The operation in this precision.</summary>
    public static SegmentMessages<T> Instance { get; } = Create();

    public override string Name => "segment messages";

    /// <summary>Largest messages. With moments, the frame's own normalise and are left there; without, the running ones do.</summary>
    public abstract Tensor<T> Apply(Tape<T> tape, SegmentInput input, MessageParameters parameters, BatchMoments[]? moments,
        double epsilon);

    private static SegmentMessages<T> Create() => typeof(T) == typeof(float)
        ? (SegmentMessages<T>)(object)new MessageOperation<Lanes512<float>, float>()
        : typeof(T) == typeof(double)
            ? (SegmentMessages<T>)(object)new MessageOperation<LanePair<Lanes512<double>, double>, double>()
            : throw new NotSupportedException("Segment networks run in float or double.");
}
