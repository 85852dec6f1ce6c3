using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// The sum over i of weight (max(x, 0) - x label + ln(1 + exp(-|x|))), terms in T, sums in double, lane by lane. NaN gives NaN.
/// </summary>
internal readonly unsafe struct CrossEntropySum<T>(int length, T* logits, T* labels, T* weights, double* sum) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TWidth, TVector>()
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        double* sums = stackalloc double[TWidth.Lanes];
        new Span<double>(sums, TWidth.Lanes).Clear();
        int i = 0;
        for (; i <= length - TWidth.Lanes; i += TWidth.Lanes)
        {
            TWidth.AddWidened(Term<TWidth, TVector>(TWidth.Load(logits + i), TWidth.Load(labels + i), TWidth.Load(weights + i)), sums);
        }

        if (i < length)
        {
            int left = length - i;
            TVector x = Partial<TWidth, TVector, T>.Load(logits + i, left);
            TWidth.AddWidened(
                Term<TWidth, TVector>(x, Partial<TWidth, TVector, T>.Load(labels + i, left),
                    Partial<TWidth, TVector, T>.Load(weights + i, left)),
                sums);
        }

        double total = 0;
        for (int lane = 0; lane < TWidth.Lanes; lane++)
        {
            total += sums[lane];
        }

        *sum = total;
    }

    private static TVector Term<TWidth, TVector>(TVector x, TVector label, TVector weight)
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        TVector zero = TWidth.Create(T.Zero);
        TVector small = Exponential<T>.Of<TWidth, TVector>(TWidth.Subtract(zero, TWidth.Abs(x)));
        TVector term = TWidth.Add(TWidth.Max(zero, x), LogarithmOnePlus<T>.Of<TWidth, TVector>(small));
        return TWidth.Multiply(weight, TWidth.Subtract(term, TWidth.Multiply(x, label)));
    }
}
