using System.Numerics;

namespace Sagitta.Tests.Autodiff.Kernels;

public sealed unsafe class MatrixProductTests
{
    private static readonly int[] Widths = [1, 2, 3, 6, 7, 8, 13, 16, 17, 31, 32, 33, 48, 64, 144];
    private static readonly int[] Rows = [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 127, 128, 129, 256];

    [Fact]
    public void Products_agree_with_the_reference_at_every_width_in_single_precision() => Check<float>(2e-5);

    [Fact]
    public void Products_agree_with_the_reference_at_every_width_in_double_precision() => Check<double>(1e-13);

    [Theory]
    [InlineData(144, 16)]
    [InlineData(149, 17)]
    [InlineData(64, 64)]
    public void The_gradient_of_the_weight_has_the_same_bits_streamed_and_in_parts_that_stay_in_cache(int inputs, int outputs)
    {
        const int Block = 32;
        long rowBytes = (inputs + outputs) * sizeof(float);
        int half = (int)(MatrixProduct<Lanes512<float>, float>.StreamBytes / rowBytes / Block * Block);
        int rows = half + Block + 13;
        using Numbers<float> x = new(rows * inputs, 1);
        using Numbers<float> y = new(rows * outputs, 2);
        using Numbers<float> dw = new(inputs * outputs, 3, 1);
        SameBits("512", &MatrixProduct<Lanes512<float>, float>.WeightGradient);
        SameBits("256", &MatrixProduct<Lanes256<float>, float>.WeightGradient);
        SameBits("128", &MatrixProduct<Lanes128<float>, float>.WeightGradient);

        void SameBits(string width, delegate*<int, int, int, float*, float*, float*, int, void> gradient)
        {
            gradient(rows, inputs, outputs, x.Pointer, y.Pointer, dw.Pointer, Block);
            float[] streamed = dw.Take();
            gradient(half, inputs, outputs, x.Pointer, y.Pointer, dw.Pointer, Block);
            gradient(rows - half, inputs, outputs, x.Pointer + (half * inputs), y.Pointer + (half * outputs), dw.Pointer, Block);
            Assert.True(streamed.AsSpan().SequenceEqual(dw.Take()), width);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(17)]
    [InlineData(20)]
    [InlineData(31)]
    public void What_lies_behind_a_weight_a_bias_and_a_gradient_changes_no_bits(int outputs)
    {
        const int Behind = 64 / sizeof(float);
        using Numbers<float> x = new(29 * 13, 1);
        using Numbers<float> w = new((13 * outputs) + Behind, 2);
        using Numbers<float> bias = new(outputs + Behind, 3);
        using Numbers<float> y = new((29 * outputs) + Behind, 4);
        using Numbers<float> dw = new(13 * outputs, 5);
        SameBits("512", &MatrixProduct<Lanes512<float>, float>.Forward, &MatrixProduct<Lanes512<float>,
            float>.WeightGradient);
        SameBits("256", &MatrixProduct<Lanes256<float>, float>.Forward, &MatrixProduct<Lanes256<float>,
            float>.WeightGradient);
        SameBits("128", &MatrixProduct<Lanes128<float>, float>.Forward, &MatrixProduct<Lanes128<float>,
            float>.WeightGradient);

        void SameBits(
            string width, delegate*<int, int, int, float*, float*, float*, float*, void> forward, delegate*<int, int, int, float*, float*,
                float*, int, void> gradient)
        {
            (float[] product, float[] slope) = Products(0);
            (float[] besideNaN, float[] slopeBesideNaN) = Products(float.NaN);
            Assert.All(product, value => Assert.True(float.IsFinite(value), width));
            Assert.True(product.AsSpan().SequenceEqual(besideNaN), width);
            Assert.All(slope, value => Assert.True(float.IsFinite(value), width));
            Assert.True(slope.AsSpan().SequenceEqual(slopeBesideNaN), width);

            (float[] Product, float[] Slope) Products(float behind)
            {
                w.Values[^Behind..].Fill(behind);
                bias.Values[^Behind..].Fill(behind);
                y.Values[^Behind..].Fill(behind);
                gradient(29, 13, outputs, x.Pointer, y.Pointer, dw.Pointer, 16);
                forward(29, 13, outputs, x.Pointer, w.Pointer, bias.Pointer, y.Pointer);
                return (y.Take()[..^Behind], dw.Take());
            }
        }
    }

    [Fact]
    public void A_row_has_the_same_bits_wherever_it_lies_in_a_batch()
    {
        using Numbers<float> x = new(29 * 13, 1);
        using Numbers<float> w = new(13 * 20, 2);
        using Numbers<float> y = new(29 * 20, 3);
        using Numbers<float> single = new(20, 4);
        MatrixProduct.Forward(29, 13, 20, x.Pointer, w.Pointer, null, y.Pointer);
        for (int row = 0; row < 29; row++)
        {
            MatrixProduct.Forward(1, 13, 20, x.Pointer + (row * 13), w.Pointer, null, single.Pointer);
            Assert.Equal(single.Values.ToArray(), y.Values.Slice(row * 20, 20).ToArray());
        }
    }

    private static void Check<T>(double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Every length from 0 to 256 in each role, not every triple of them: that would take minutes.
        for (int i = 0; i < 75; i++)
        {
            Check<T>(Rows[i % Rows.Length], Widths[i / 5], Widths[(i * 7) % Widths.Length], tolerance);
        }

        for (int length = 0; length <= 256; length++)
        {
            Check<T>(length, 5, 7, tolerance);
            Check<T>(3, Math.Max(1, length), 5, tolerance);
            Check<T>(3, 5, Math.Max(1, length), tolerance);
        }
    }

    private static void Check<T>(int rows, int inputs, int outputs, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Off every border of vectors, which odd row strides also make.
        using Numbers<T> x = new(rows * inputs, 1, shift: 1);
        using Numbers<T> w = new(inputs * outputs, 2, shift: 3);
        using Numbers<T> bias = new(outputs, 3, shift: 1);
        using Numbers<T> y = new(rows * outputs, 4, shift: 1);
        using Numbers<T> dx = new(rows * inputs, 5, shift: 5);
        using Numbers<T> dw = new(inputs * outputs, 6, shift: 1);
        using Numbers<T> scratch = new(MatrixProduct.ScratchLength<T>(inputs, outputs), 7);
        string what = $"{rows} x {inputs} x {outputs}";

        MatrixProductReference.Forward(rows, inputs, outputs, x.Pointer, w.Pointer, bias.Pointer, y.Pointer);
        T[] forward = y.Take();
        MatrixProduct<Lanes512<T>, T>.Forward(rows, inputs, outputs, x.Pointer, w.Pointer, bias.Pointer, y.Pointer);
        Numbers<T>.AssertClose(forward, y.Take(), tolerance, "512 forward " + what);
        MatrixProduct<Lanes256<T>, T>.Forward(rows, inputs, outputs, x.Pointer, w.Pointer, bias.Pointer, y.Pointer);
        Numbers<T>.AssertClose(forward, y.Take(), tolerance, "256 forward " + what);
        MatrixProduct<Lanes128<T>, T>.Forward(rows, inputs, outputs, x.Pointer, w.Pointer, bias.Pointer, y.Pointer);
        Numbers<T>.AssertClose(forward, y.Take(), tolerance, "128 forward " + what);

        MatrixProductReference.InputGradient(rows, inputs, outputs, y.Pointer, w.Pointer, dx.Pointer);
        T[] inputGradient = dx.Take();
        MatrixProduct<Lanes512<T>, T>.InputGradient(rows, inputs, outputs, y.Pointer, w.Pointer, dx.Pointer, scratch.Pointer);
        Numbers<T>.AssertClose(inputGradient, dx.Take(), tolerance, "512 input gradient " + what);
        MatrixProduct<Lanes256<T>, T>.InputGradient(rows, inputs, outputs, y.Pointer, w.Pointer, dx.Pointer, scratch.Pointer);
        Numbers<T>.AssertClose(inputGradient, dx.Take(), tolerance, "256 input gradient " + what);
        MatrixProduct<Lanes128<T>, T>.InputGradient(rows, inputs, outputs, y.Pointer, w.Pointer, dx.Pointer, scratch.Pointer);
        Numbers<T>.AssertClose(inputGradient, dx.Take(), tolerance, "128 input gradient " + what);

        MatrixProductReference.WeightGradient(rows, inputs, outputs, x.Pointer, y.Pointer, dw.Pointer);
        T[] weightGradient = dw.Take();
        MatrixProduct<Lanes512<T>, T>.WeightGradient(rows, inputs, outputs, x.Pointer, y.Pointer, dw.Pointer, 128);
        Numbers<T>.AssertClose(weightGradient, dw.Take(), tolerance, "512 weight gradient " + what);
        MatrixProduct<Lanes256<T>, T>.WeightGradient(rows, inputs, outputs, x.Pointer, y.Pointer, dw.Pointer, 128);
        Numbers<T>.AssertClose(weightGradient, dw.Take(), tolerance, "256 weight gradient " + what);
        MatrixProduct<Lanes128<T>, T>.WeightGradient(rows, inputs, outputs, x.Pointer, y.Pointer, dw.Pointer, 128);
        Numbers<T>.AssertClose(weightGradient, dw.Take(), tolerance, "128 weight gradient " + what);
        Assert.NotNull(scratch.Take());
    }
}
