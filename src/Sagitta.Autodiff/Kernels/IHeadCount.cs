namespace Sagitta.Autodiff.Kernels;

/// <summary>A number of attention heads known to the just-in-time compiler, which removes the branches on it.</summary>
internal interface IHeadCount
{
    static abstract int Value { get; }
}
