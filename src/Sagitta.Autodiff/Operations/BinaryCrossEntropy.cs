using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// Weighted binary cross-entropy of logits x against labels t in [0, 1]: sum of w (max(x, 0) - x t + ln(1 + exp(-|x|))), accumulated in
/// double in row order, finite for any finite logit. The sum is not divided: put 1 / count or a class balance into the weights. NaN gives
/// NaN.
/// </summary>
internal sealed unsafe class BinaryCrossEntropy<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly BinaryCrossEntropy<T> Instance = new();

    public override string Name => "binary cross-entropy";

    /// <summary>A 1 x 1 sum; logits, labels and weights have one shape, and only the logits get a gradient.</summary>
    public static Tensor<T> Apply(Tensor<T> logits, Tensor<T> labels, Tensor<T> weights)
    {
        Shapes.Require(labels.Rows == logits.Rows && labels.Columns == logits.Columns,
            "BinaryCrossEntropy: labels must have the shape of the logits", labels, logits);
        Shapes.Require(weights.Rows == logits.Rows && weights.Columns == logits.Columns,
            "BinaryCrossEntropy: weights must have the shape of the logits", weights, logits);
        Tensor<T> loss = logits.Tape.Allocate(1, 1, logits.RequiresGradient);
        double sum;
        VectorDispatch.Run<CrossEntropySum<T>, T>(new(logits.Length, logits.Pointer, labels.Pointer, weights.Pointer, &sum));
        loss.Values[0] = T.CreateTruncating(sum);
        logits.Tape.Record(Instance, [logits, labels, weights], [loss]);
        return loss;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> logits = step.Input(0);
        VectorDispatch.Run<CrossEntropyGradient<T>, T>(
            new(logits.Length, logits.Pointer, step.Input(1).Pointer, step.Input(2).Pointer, step.Output().Gradient[0],
                logits.GradientPointer));
    }
}
