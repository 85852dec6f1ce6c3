namespace Sagitta.Tests.Learning;

/// <summary>x sigmoid(x): a smooth function, for what differentiates more than once.</summary>
internal sealed record SmoothActivation : Activation
{
    public override Tensor<T> Apply<T>(Tensor<T> x, bool inPlace = false) => Multiply<T>.Apply(x, Sigmoid<T>.Apply(x));
}
