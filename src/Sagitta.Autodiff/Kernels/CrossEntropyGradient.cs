using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>dx += upstream weight (sigmoid(x) - label).</summary>
internal readonly unsafe struct CrossEntropyGradient<T>(int length, T* logits, T* labels, T* weights, T upstream, T* dx) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TWidth, TVector>()
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        int i = 0;
        for (; i <= length - TWidth.Lanes; i += TWidth.Lanes)
        {
            TVector term = Term<TWidth, TVector>(TWidth.Load(logits + i), TWidth.Load(labels + i), TWidth.Load(weights + i));
            TWidth.Store(TWidth.Add(TWidth.Load(dx + i), term), dx + i);
        }

        if (i < length)
        {
            int left = length - i;
            TVector x = Partial<TWidth, TVector, T>.Load(logits + i, left);
            TVector term = Term<TWidth, TVector>(
                x, Partial<TWidth, TVector, T>.Load(labels + i, left), Partial<TWidth, TVector, T>.Load(weights + i, left));
            Partial<TWidth, TVector, T>.Store(TWidth.Add(Partial<TWidth, TVector, T>.Load(dx + i, left), term), dx + i, left);
        }
    }

    private TVector Term<TWidth, TVector>(TVector x, TVector label, TVector weight)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged =>
        TWidth.Multiply(TWidth.Multiply(TWidth.Create(upstream), weight), TWidth.Subtract(Logistic<T>.Of<TWidth, TVector>(x), label));
}
