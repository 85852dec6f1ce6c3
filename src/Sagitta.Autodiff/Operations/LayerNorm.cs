using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>
/// Each row to mean 0 and variance 1 over its columns, then times gain plus bias (Ba, Kiros, Hinton, arXiv:1607.06450). NaN spreads within
/// its row.
/// </summary>
internal sealed unsafe class LayerNorm<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly LayerNorm<T> Instance = new();

    public override string Name => "layer normalisation";

    /// <summary>x is rows x columns; gain and bias are 1 x columns.</summary>
    public static Tensor<T> Apply(Tensor<T> x, Tensor<T> gain, Tensor<T> bias, double epsilon = 1e-5, bool inPlace = false)
    {
        Shapes.Require(gain.Rows == 1 && gain.Columns == x.Columns, "LayerNorm: the gain must be 1 x columns", gain, x);
        Shapes.Require(bias.Rows == 1 && bias.Columns == x.Columns, "LayerNorm: the bias must be 1 x columns", bias, x);
        Tensor<T> y = Shapes.Like(x, inPlace, Tape<T>.AnyRequiresGradient([x, gain, bias]));
        Tensor<T> moments = x.Tape.Allocate(x.Rows, 2);
        VectorDispatch.Run<RowNormalisation<T>, T>(
            new(x.Rows, x.Columns, x.Pointer, gain.Pointer, bias.Pointer, T.CreateTruncating(epsilon), y.Pointer, moments.Pointer));
        x.Tape.Record(Instance, [x, gain, bias], [y], [moments]);
        return y;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> x = step.Input(0);
        Tensor<T> gain = step.Input(1);
        Tensor<T> bias = step.Input(2);
        VectorDispatch.Run<RowNormalisationGradient<T>, T>(
            new(x.Rows, x.Columns, x.Pointer, gain.Pointer, step.Saved(0).Pointer, step.Output().GradientPointer, x.GradientPointer,
                gain.GradientPointer, bias.GradientPointer));
    }
}
