using System.Numerics;

namespace Sagitta.Tests.Autodiff.Kernels;

/// <summary>What <see cref="MatrixProduct"/> means, one number at a time.</summary>
internal static unsafe class MatrixProductReference
{
    internal static void Forward<T>(int rows, int inputs, int outputs, T* x, T* w, T* bias, T* y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; row < rows; row++)
        {
            for (int output = 0; output < outputs; output++)
            {
                T sum = bias is null ? T.Zero : bias[output];
                for (int input = 0; input < inputs; input++)
                {
                    sum += x[(row * inputs) + input] * w[(input * outputs) + output];
                }

                y[(row * outputs) + output] = sum;
            }
        }
    }

    internal static void InputGradient<T>(int rows, int inputs, int outputs, T* dy, T* w, T* dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; row < rows; row++)
        {
            for (int input = 0; input < inputs; input++)
            {
                T sum = T.Zero;
                for (int output = 0; output < outputs; output++)
                {
                    sum += dy[(row * outputs) + output] * w[(input * outputs) + output];
                }

                dx[(row * inputs) + input] += sum;
            }
        }
    }

    internal static void WeightGradient<T>(int rows, int inputs, int outputs, T* x, T* dy, T* dw)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int input = 0; input < inputs; input++)
        {
            for (int output = 0; output < outputs; output++)
            {
                T sum = T.Zero;
                for (int row = 0; row < rows; row++)
                {
                    sum += x[(row * inputs) + input] * dy[(row * outputs) + output];
                }

                dw[(input * outputs) + output] += sum;
            }
        }
    }
}
