namespace Sagitta.Tests.Autodiff.Kernels;

public sealed unsafe class NormalisationTests
{
    private static readonly int[] Lengths = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 144, 255, 256];

    [Fact]
    public void Rows_agree_with_the_reference_at_every_width()
    {
        foreach (int columns in Lengths)
        {
            int rows = columns % 5;
            using Numbers<float> x = new(rows * columns, 1, shift: 1);
            using Numbers<float> gain = new(columns, 2);
            using Numbers<float> bias = new(columns, 3, shift: 3);
            using Numbers<float> y = new(rows * columns, 4, shift: 1);
            using Numbers<float> moments = new(rows * 2, 5);
            using Numbers<float> dx = new(rows * columns, 6);
            using Numbers<float> dGain = new(columns, 7);
            using Numbers<float> dBias = new(columns, 8);
            NormalisationReference.Rows(rows, columns, x.Pointer, gain.Pointer, bias.Pointer, 1e-5f, y.Pointer, moments.Pointer);
            float[] forward = y.Take();
            NormalisationReference.RowsGradient(
                rows, columns, x.Pointer, gain.Pointer, moments.Pointer, y.Pointer, dx.Pointer, dGain.Pointer, dBias.Pointer);
            float[] backward = dx.Take();
            float[] gainGradient = dGain.Take();
            float[] biasGradient = dBias.Take();
            float tolerance = columns < 3 ? 5e-3f : 2e-4f;
            KernelWidths.ForEach<RowNormalisation<float>, float>(
                () => new(rows, columns, x.Pointer, gain.Pointer, bias.Pointer, 1e-5f, y.Pointer, moments.Pointer),
                bits => Numbers<float>.AssertClose(forward, y.Take(), tolerance, $"{bits} forward {columns}"));
            KernelWidths.ForEach<RowNormalisationGradient<float>, float>(
                () => new(rows, columns, x.Pointer, gain.Pointer, moments.Pointer, y.Pointer, dx.Pointer, dGain.Pointer, dBias.Pointer),
                bits =>
                {
                    Numbers<float>.AssertClose(backward, dx.Take(), tolerance, $"{bits} backward {columns}");
                    Numbers<float>.AssertClose(gainGradient, dGain.Take(), tolerance, $"{bits} gain {columns}");
                    Numbers<float>.AssertClose(biasGradient, dBias.Take(), tolerance, $"{bits} bias {columns}");
                });
        }
    }

    [Fact]
    public void Columns_agree_with_the_reference_at_every_width()
    {
        foreach (int columns in Lengths)
        {
            int rows = 300 / columns;
            using Numbers<float> x = new(rows * columns, 1, shift: 1);
            using Numbers<float> mean = new(columns, 2);
            using Numbers<float> inverse = new(columns, 3, shift: 1);
            using Numbers<float> gain = new(columns, 4);
            using Numbers<float> bias = new(columns, 5);
            using Numbers<float> dy = new(rows * columns, 6, shift: 3);
            using Numbers<float> y = new(rows * columns, 7);
            using Numbers<double> sums = new(columns, 8, scale: 0);
            using Numbers<double> products = new(columns, 9, scale: 0);
            ColumnNormalisationReference.Apply(rows, columns, x.Pointer, mean.Pointer, inverse.Pointer, gain.Pointer, bias.Pointer,
                y.Pointer);
            float[] forward = y.Take();
            KernelWidths.ForEach<ColumnNormalisation<float>, float>(
                () => new(rows, columns, x.Pointer, mean.Pointer, inverse.Pointer, gain.Pointer, bias.Pointer, y.Pointer),
                bits => Numbers<float>.AssertClose(forward, y.Take(), 1e-5, $"{bits} apply {columns}"));

            ColumnNormalisationReference.GradientSums(rows, columns, x.Pointer, mean.Pointer, inverse.Pointer, dy.Pointer, sums.Values,
                products.Values);
            double[] expectedSums = sums.Take();
            double[] expectedProducts = products.Take();
            KernelWidths.ForEach<ColumnNormalisationSums<float>, float>(
                () => new(rows, columns, x.Pointer, mean.Pointer, inverse.Pointer, dy.Pointer, sums.Pointer, products.Pointer),
                bits =>
                {
                    Numbers<double>.AssertClose(expectedSums, sums.Take(), 1e-12, $"{bits} sums {columns}");
                    Numbers<double>.AssertClose(expectedProducts, products.Take(), 1e-5, $"{bits} products {columns}");
                });

            ColumnNormalisationReference.InputGradient(
                rows, columns, x.Pointer, mean.Pointer, inverse.Pointer, gain.Pointer, bias.Pointer, mean.Pointer, dy.Pointer, y.Pointer);
            float[] backward = y.Take();
            KernelWidths.ForEach<ColumnNormalisationGradient<float>, float>(
                () => new(rows, columns, x.Pointer, mean.Pointer, inverse.Pointer, gain.Pointer, bias.Pointer, mean.Pointer, dy.Pointer,
                    y.Pointer),
                bits => Numbers<float>.AssertClose(backward, y.Take(), 1e-4, $"{bits} gradient {columns}"));

            double[] centre = new double[columns];
            double[] variance = new double[columns];
            ColumnNormalisationReference.Moments(rows, columns, x.Pointer, centre, variance);
            KernelWidths.ForEach<ColumnSums<float>, float>(
                () => new(rows, columns, x.Pointer, sums.Pointer),
                bits => Numbers<double>.AssertClose(Array.ConvertAll(centre, c => c * rows), sums.Take(), 1e-12,
                    $"{bits} column sums {columns}"));
            Array.ConvertAll(centre, c => (float)c).CopyTo(mean.Values);
            KernelWidths.ForEach<ColumnSquares<float>, float>(
                () => new(rows, columns, x.Pointer, mean.Pointer, sums.Pointer),
                bits => Numbers<double>.AssertClose(Array.ConvertAll(variance, v => v * rows), sums.Take(), 1e-5,
                    $"{bits} squares {columns}"));
        }
    }
}
