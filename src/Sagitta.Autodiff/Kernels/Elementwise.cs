using System.Numerics;
using System.Runtime.Intrinsics;

namespace Sagitta.Autodiff.Kernels;

/// <summary>
/// Loops that apply a function to every number. The last, incomplete vector goes through a padded copy, so an element's result
/// does not depend on its place. Input and output may be the same memory, but not overlap otherwise.
/// </summary>
internal static unsafe class Elementwise
{
    /// <summary>y = f(x).</summary>
    internal static void Map<TFunction, T>(T* x, T* y, int length, TFunction function)
        where TFunction : struct, IElementwise<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Elementwise<Lanes512<T>, T>.Map(x, y, length, function);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Elementwise<Lanes256<T>, T>.Map(x, y, length, function);
        }
        else
        {
            Elementwise<Lanes128<T>, T>.Map(x, y, length, function);
        }
    }

    /// <summary>y += f(a, b).</summary>
    internal static void Accumulate<TFunction, T>(T* a, T* b, T* y, int length, TFunction function)
        where TFunction : struct, IElementwisePair<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Elementwise<Lanes512<T>, T>.Accumulate(a, b, y, length, function);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Elementwise<Lanes256<T>, T>.Accumulate(a, b, y, length, function);
        }
        else
        {
            Elementwise<Lanes128<T>, T>.Accumulate(a, b, y, length, function);
        }
    }
}
