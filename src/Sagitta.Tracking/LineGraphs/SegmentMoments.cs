namespace Sagitta.Tracking.LineGraphs;

/// <summary>Moments of one frame at every normalisation of a <see cref="SegmentNetwork"/>, for its running averages. Reused from step to
/// step.</summary>
/// <param name="Message">Of the message perceptron, over links in both directions.</param>
/// <param name="Update">Of the update perceptron, over segments.</param>
/// <param name="Score">Of the read-out perceptron, over segments.</param>
internal sealed record SegmentMoments(BatchMoments[] Message, BatchMoments[] Update, BatchMoments[] Score);
