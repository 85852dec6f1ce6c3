using System.Numerics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>A network that gives each segment of a frame a logit.</summary>
internal abstract class SegmentScorer
{
    private protected SegmentScorer(ParameterLayout layout, SegmentNetworkOptions? options)
    {
        Layout = layout;
        Options = options ?? new();
    }

    /// <summary>The layout that holds the parameters.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>Its shape.</summary>
    public SegmentNetworkOptions Options { get; }

    /// <summary>The network that the options ask for, its parameters registered in the layout.</summary>
    public static SegmentScorer Create(ParameterLayout layout, SegmentNetworkOptions options) =>
        options.Graph == ScoredGraph.Hit ? new HitNetwork(layout, options) : new SegmentNetwork(layout, options);

    /// <summary>New moments, one object for each frame that is computed at the same time.</summary>
    public abstract SegmentMoments CreateMoments();

    /// <summary>Logits of a prepared frame, segments x 1. In training the frame must carry its input moments. The frame must stay as it is
    /// until the backward pass is over.</summary>
    /// <param name="tape">Tape with the parameters bound.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="moments">Training: receives the frame's moments, which normalise. Null: running averages normalise.</param>
    public abstract Tensor<T> Forward<T>(Tape<T> tape, SegmentInput frame, SegmentMoments? moments = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Moves the running averages towards the moments of a frame. Call it in the order of frames.</summary>
    public abstract void Absorb<T>(ParameterVector<T> parameters, SegmentMoments moments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>Moments of one frame at every normalisation of a <see cref="SegmentNetwork"/>, for its running averages. Reused from step to
/// step.</summary>
/// <param name="Message">Of the message perceptron, over links in both directions.</param>
/// <param name="Update">Of the update perceptron, over segments.</param>
/// <param name="Score">Of the read-out perceptron, over segments.</param>
internal sealed record SegmentMoments(BatchMoments[] Message, BatchMoments[] Update, BatchMoments[] Score)
{
    private readonly BatchMoments[] _all = [.. Message, .. Update, .. Score];

    /// <summary>How many numbers <see cref="CopyTo"/> writes.</summary>
    public int Length => _all.Sum(moments => moments.Length);

    /// <summary>Writes them as numbers, for another process.</summary>
    public void CopyTo(Span<double> numbers)
    {
        foreach (BatchMoments moments in _all)
        {
            moments.CopyTo(numbers);
            numbers = numbers[moments.Length..];
        }
    }

    /// <summary>Takes what <see cref="CopyTo"/> wrote.</summary>
    public void Set(ReadOnlySpan<double> numbers)
    {
        foreach (BatchMoments moments in _all)
        {
            moments.Set(numbers[..moments.Length]);
            numbers = numbers[moments.Length..];
        }
    }
}
