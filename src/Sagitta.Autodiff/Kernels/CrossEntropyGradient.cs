using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>dx += upstream weight (sigmoid(x) - label).</summary>
internal readonly unsafe struct CrossEntropyGradient<T>(int length, T* logits, T* labels, T* weights, T upstream, T* dx) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TLanes term = Term<TLanes>(TLanes.Load(logits + i), TLanes.Load(labels + i), TLanes.Load(weights + i));
            TLanes.Store(TLanes.Load(dx + i) + term, dx + i);
        }

        if (i < length)
        {
            int left = length - i;
            TLanes x = Partial<TLanes, T>.Load(logits + i, left);
            TLanes term = Term<TLanes>(
                x, Partial<TLanes, T>.Load(labels + i, left), Partial<TLanes, T>.Load(weights + i, left));
            Partial<TLanes, T>.Store(Partial<TLanes, T>.Load(dx + i, left) + term, dx + i, left);
        }
    }

    private TLanes Term<TLanes>(TLanes x, TLanes label, TLanes weight)
        where TLanes : unmanaged, ILanes<TLanes, T> =>
        TLanes.Broadcast(upstream) * weight * (Logistic<T>.Of<TLanes>(x) - label);
}
