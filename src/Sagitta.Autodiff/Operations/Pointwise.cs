using System.Numerics;

namespace Sagitta.Autodiff.Operations;

/// <summary>A function of every number of a tensor.</summary>
internal sealed unsafe class Pointwise<T, TFunction> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFunction : struct, IDifferentiable<TFunction, T>
{
    private static readonly Pointwise<T, TFunction> Instance = new();

    public override string Name => TFunction.Name;

    /// <summary>The function of every number of <paramref name="x"/>; its gradient is that of the function made of
    /// <paramref name="number"/>.</summary>
    public static Tensor<T> Apply(Tensor<T> x, TFunction function, double number = 0, bool inPlace = false)
    {
        Tensor<T> y = Shapes.Like(x, inPlace, x.RequiresGradient);
        Elementwise.Map(x.Pointer, y.Pointer, x.Length, function);
        x.Tape.Record(Instance, [x], [y], number: number);
        return y;
    }

    public override void Backward(in RecordedStep<T> step)
    {
        Tensor<T> x = step.Input(0);
        Tensor<T> y = step.Output();
        Elementwise.Accumulate(TFunction.FromValue ? y.Pointer : x.Pointer, y.GradientPointer, x.GradientPointer, x.Length,
            TFunction.Of(T.CreateTruncating(step.Number)));
    }
}

/// <summary>x where positive, alpha (exp(x) - 1) elsewhere (Clevert, Unterthiner, Hochreiter, arXiv:1511.07289). NaN gives NaN.</summary>
internal static class Elu<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Tensor<T> Apply(Tensor<T> x, double alpha = 1, bool inPlace = false) =>
        Pointwise<T, ExponentialLinear<T>>.Apply(x, new(T.CreateTruncating(alpha)), alpha, inPlace);
}

/// <summary>x where positive, slope x elsewhere, slope at zero for the gradient. NaN gives NaN.</summary>
internal static class LeakyRelu<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Tensor<T> Apply(Tensor<T> x, double slope = 0.01, bool inPlace = false) =>
        Pointwise<T, LeakyRectifier<T>>.Apply(x, new(T.CreateTruncating(slope)), slope, inPlace);
}

/// <summary>x sigmoid(x) (Elfwing, Uchibe, Doya, arXiv:1702.03118). NaN gives NaN.</summary>
internal static class Silu<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Tensor<T> Apply(Tensor<T> x, bool inPlace = false) =>
        Pointwise<T, LogisticLinear<T>>.Apply(x, default, inPlace: inPlace);
}

/// <summary>x times a fixed number, plus a fixed number.</summary>
internal static class Scale<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Tensor<T> Apply(Tensor<T> x, double factor, double offset = 0) =>
        Pointwise<T, Scaling<T>>.Apply(x, new(T.CreateTruncating(factor), T.CreateTruncating(offset)), factor);
}

/// <summary>1 / (1 + exp(-x)), without overflow for any x. NaN gives NaN.</summary>
internal static class Sigmoid<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Tensor<T> Apply(Tensor<T> x) => Pointwise<T, Logistic<T>>.Apply(x, default);
}
