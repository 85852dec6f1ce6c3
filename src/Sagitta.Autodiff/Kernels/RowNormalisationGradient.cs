using System.Numerics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>Adds the gradients of <see cref="RowNormalisation{T}"/>; a null gradient is not wanted.</summary>
internal readonly unsafe struct RowNormalisationGradient<T>(
    int rows, int columns, T* x, T* gain, T* moments, T* dy, T* dx, T* dGain, T* dBias) : IKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<TWidth, TVector>()
        where TWidth : struct, IVectorWidth<TVector, T>
        where TVector : unmanaged
    {
        int vectors = columns - (columns % TWidth.Lanes);
        T share = T.One / T.CreateTruncating(columns);
        for (int row = 0; row < rows; row++)
        {
            T* line = x + ((nint)row * columns);
            T* upstream = dy + ((nint)row * columns);
            T mean = moments[2 * row];
            T inverse = moments[(2 * row) + 1];
            TVector centre = TWidth.Create(mean);
            TVector scale = TWidth.Create(inverse);
            TVector sums = default;
            TVector products = default;
            for (int c = 0; c < vectors; c += TWidth.Lanes)
            {
                TVector normal = TWidth.Multiply(TWidth.Subtract(TWidth.Load(line + c), centre), scale);
                TVector value = TWidth.Load(upstream + c);
                TVector weighted = TWidth.Multiply(value, TWidth.Load(gain + c));
                sums = TWidth.Add(sums, weighted);
                products = TWidth.MultiplyAdd(weighted, normal, products);
                if (dGain is not null)
                {
                    TWidth.Store(TWidth.MultiplyAdd(value, normal, TWidth.Load(dGain + c)), dGain + c);
                }

                if (dBias is not null)
                {
                    TWidth.Store(TWidth.Add(TWidth.Load(dBias + c), value), dBias + c);
                }
            }

            T sum = TWidth.Sum(sums);
            T product = TWidth.Sum(products);
            for (int c = vectors; c < columns; c++)
            {
                T normal = (line[c] - mean) * inverse;
                sum += upstream[c] * gain[c];
                product += upstream[c] * gain[c] * normal;
                if (dGain is not null)
                {
                    dGain[c] += upstream[c] * normal;
                }

                if (dBias is not null)
                {
                    dBias[c] += upstream[c];
                }
            }

            if (dx is null)
            {
                continue;
            }

            T* target = dx + ((nint)row * columns);
            sum *= share;
            product *= share;
            TVector meanSum = TWidth.Create(sum);
            TVector meanProduct = TWidth.Create(product);
            for (int c = 0; c < vectors; c += TWidth.Lanes)
            {
                TVector normal = TWidth.Multiply(TWidth.Subtract(TWidth.Load(line + c), centre), scale);
                TVector weighted = TWidth.Multiply(TWidth.Load(upstream + c), TWidth.Load(gain + c));
                TVector inner = TWidth.Subtract(TWidth.Subtract(weighted, meanSum), TWidth.Multiply(normal, meanProduct));
                TWidth.Store(TWidth.MultiplyAdd(inner, scale, TWidth.Load(target + c)), target + c);
            }

            for (int c = vectors; c < columns; c++)
            {
                T normal = (line[c] - mean) * inverse;
                target[c] += inverse * ((upstream[c] * gain[c]) - sum - (normal * product));
            }
        }
    }
}
