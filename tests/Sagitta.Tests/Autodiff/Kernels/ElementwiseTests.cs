using System.Numerics;
using System.Runtime.Intrinsics;

namespace Sagitta.Tests.Autodiff.Kernels;

public sealed unsafe class ElementwiseTests
{
    [Fact]
    public void Functions_agree_with_their_definitions_at_every_length_and_width()
    {
        Check<float, Exponential<float>>(default, Math.Exp, 4e-7);
        Check<double, Exponential<double>>(default, Math.Exp, 6e-16);
        Check<float, Logistic<float>>(default, x => 1 / (1 + Math.Exp(-x)), 3e-7);
        Check<double, Logistic<double>>(default, x => 1 / (1 + Math.Exp(-x)), 6e-16);
        Check<float, LeakyRectifier<float>>(new(0.1f), x => x > 0 ? x : 0.1 * x, 2e-7);
        Check<float, ExponentialLinear<float>>(new(1), x => x > 0 ? x : Math.Exp(x) - 1, 3e-7);
        Check<double, ExponentialLinear<double>>(new(1), x => x > 0 ? x : Math.Exp(x) - 1, 6e-16);
        Check<float, Scaling<float>>(new(-3), x => -3 * x, 0);
        Check<float, Scaling<float>>(new(-4, 0.5f), x => (-4 * x) + 0.5, 0);
    }

    [Fact]
    public void Gradients_agree_with_their_definitions_at_every_length_and_width()
    {
        CheckPair<float, LeakyRectifier<float>>(new(0.1f), (x, dy) => x > 0 ? dy : 0.1 * dy);
        CheckPair<float, ExponentialLinear<float>>(new(1), (x, dy) => x > 0 ? dy : Math.Exp(x) * dy);
        CheckPair<float, Logistic<float>>(default, (y, dy) => y * (1 - y) * dy);
        CheckPair<float, Product<float>>(default, (a, b) => a * b);
        CheckPair<float, Scaling<float>>(new(2), (_, b) => 2 * b);
    }

    [Fact]
    public void Exponential_is_right_over_its_whole_range()
    {
        using Numbers<double> x = new(4000, 1);
        using Numbers<double> y = new(4000, 2);
        for (int i = 0; i < x.Length; i++)
        {
            x.Values[i] = -708 + (i * 0.354);
        }

        Elementwise.Map(x.Pointer, y.Pointer, x.Length, default(Exponential<double>));
        for (int i = 0; i < x.Length; i++)
        {
            Assert.InRange(y.Values[i] / Math.Exp(x.Values[i]), 1 - 6e-16, 1 + 6e-16);
        }
    }

    [Fact]
    public void Exponential_holds_its_argument_within_range_and_keeps_nan()
    {
        using Numbers<float> x = new(5, 1);
        using Numbers<float> y = new(5, 2);
        new float[] { float.NegativeInfinity, -1000, float.PositiveInfinity, float.NaN, 0 }.CopyTo(x.Values);
        KernelAtEveryWidth(x, y, () =>
        {
            Assert.InRange(y.Values[0], float.Epsilon, 2e-38f);
            Assert.Equal(y.Values[0], y.Values[1]);
            Assert.InRange(y.Values[2], 1e38f, float.MaxValue);
            Assert.True(float.IsNaN(y.Values[3]));
            Assert.Equal(1, y.Values[4]);
        });
    }

    private static void KernelAtEveryWidth(Numbers<float> x, Numbers<float> y, Action check)
    {
        Elementwise<Lanes512<float>, float>.Map(x.Pointer, y.Pointer, x.Length, default(Exponential<float>));
        check();
        Elementwise<Lanes256<float>, float>.Map(x.Pointer, y.Pointer, x.Length, default(Exponential<float>));
        check();
        Elementwise<Lanes128<float>, float>.Map(x.Pointer, y.Pointer, x.Length, default(Exponential<float>));
        check();
    }

    private static void Check<T, TFunction>(TFunction function, Func<double, double> definition, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : struct, IElementwise<T>
    {
        for (int length = 0; length <= 256; length++)
        {
            using Numbers<T> x = new(length, 1, shift: length % 3, scale: 4);
            using Numbers<T> y = new(length, 2, shift: length % 2);
            T[] expected = Array.ConvertAll(x.Values.ToArray(), v => T.CreateTruncating(definition(double.CreateTruncating(v))));
            Elementwise<Lanes512<T>, T>.Map(x.Pointer, y.Pointer, length, function);
            AssertRelative(expected, y.Take(), tolerance);
            Elementwise<Lanes256<T>, T>.Map(x.Pointer, y.Pointer, length, function);
            AssertRelative(expected, y.Take(), tolerance);
            Elementwise<Lanes128<T>, T>.Map(x.Pointer, y.Pointer, length, function);
            AssertRelative(expected, y.Take(), tolerance);
        }
    }

    private static void AssertRelative<T>(T[] expected, T[] given, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double right = double.CreateTruncating(expected[i]);
            double bound = tolerance * (right < 0 ? 1 : Math.Abs(right));
            Assert.InRange(double.CreateTruncating(given[i]), right - bound, right + bound);
        }
    }

    private static void CheckPair<T, TFunction>(TFunction function, Func<double, double, double> definition)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : struct, IElementwisePair<T>
    {
        for (int length = 0; length <= 256; length++)
        {
            using Numbers<T> a = new(length, 1, shift: 1);
            using Numbers<T> b = new(length, 2, shift: 2);
            using Numbers<T> y = new(length, 3, shift: 3);
            T[] expected = new T[length];
            for (int i = 0; i < length; i++)
            {
                double term = definition(double.CreateTruncating(a.Values[i]), double.CreateTruncating(b.Values[i]));
                expected[i] = T.CreateTruncating(double.CreateTruncating(y.Values[i]) + term);
            }

            Elementwise<Lanes512<T>, T>.Accumulate(a.Pointer, b.Pointer, y.Pointer, length, function);
            Numbers<T>.AssertClose(expected, y.Take(), 1e-6, "512");
            Elementwise<Lanes256<T>, T>.Accumulate(a.Pointer, b.Pointer, y.Pointer, length, function);
            Numbers<T>.AssertClose(expected, y.Take(), 1e-6, "256");
            Elementwise<Lanes128<T>, T>.Accumulate(a.Pointer, b.Pointer, y.Pointer, length, function);
            Numbers<T>.AssertClose(expected, y.Take(), 1e-6, "128");
        }
    }
}
