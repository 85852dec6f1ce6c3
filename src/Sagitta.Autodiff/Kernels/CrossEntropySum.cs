using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// The sum over i of weight (max(x, 0) - x label + ln(1 + exp(-|x|))), terms in T, sums in double, lane by lane. NaN gives NaN.
/// </summary>
internal readonly unsafe struct CrossEntropySum<T>(int length, T* logits, T* labels, T* weights, double* sum) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        double* sums = stackalloc double[TLanes.Count];
        new Span<double>(sums, TLanes.Count).Clear();
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TLanes.AddWidened(Term<TLanes>(TLanes.Load(logits + i), TLanes.Load(labels + i), TLanes.Load(weights + i)), sums);
        }

        if (i < length)
        {
            int left = length - i;
            TLanes x = Partial<TLanes, T>.Load(logits + i, left);
            TLanes.AddWidened(Term<TLanes>(x, Partial<TLanes, T>.Load(labels + i, left), Partial<TLanes, T>.Load(weights + i, left)),
                sums);
        }

        double total = 0;
        for (int lane = 0; lane < TLanes.Count; lane++)
        {
            total += sums[lane];
        }

        *sum = total;
    }

    private static TLanes Term<TLanes>(TLanes x, TLanes label, TLanes weight)
        where TLanes : unmanaged, ILanes<TLanes, T>
    {
        TLanes zero = TLanes.Broadcast(T.Zero);
        TLanes small = Exponential<T>.Of<TLanes>(zero - TLanes.Abs(x));
        TLanes term = TLanes.Max(zero, x) + LogarithmOnePlus<T>.Of<TLanes>(small);
        return weight * (term - (x * label));
    }
}

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
            TLanes term = Term<TLanes>(x, Partial<TLanes, T>.Load(labels + i, left), Partial<TLanes, T>.Load(weights + i, left));
            Partial<TLanes, T>.Store(Partial<TLanes, T>.Load(dx + i, left) + term, dx + i, left);
        }
    }

    private TLanes Term<TLanes>(TLanes x, TLanes label, TLanes weight)
        where TLanes : unmanaged, ILanes<TLanes, T> => TLanes.Broadcast(upstream) * weight * (Logistic<T>.Of<TLanes>(x) - label);
}
