namespace Sagitta.Tests.Autodiff.Kernels;

public sealed unsafe class CrossEntropyTests
{
    [Fact]
    public void Sum_and_gradient_agree_with_the_definition_at_every_width_and_length()
    {
        for (int length = 0; length <= 256; length += length < 70 ? 1 : 31)
        {
            using Numbers<double> x = new(length, 1, shift: 1, scale: 8);
            using Numbers<double> label = new(length, 2);
            using Numbers<double> weight = new(length, 3);
            using Numbers<double> dx = new(length, 4, shift: 1);
            using Numbers<double> sum = new(1, 5);
            double expected = 0;
            double[] gradient = dx.Values.ToArray();
            for (int i = 0; i < length; i++)
            {
                double z = x.Values[i];
                expected += weight.Values[i] * (Math.Max(z, 0) - (z * label.Values[i]) + double.LogP1(Math.Exp(-Math.Abs(z))));
                gradient[i] += 2 * weight.Values[i] * ((1 / (1 + Math.Exp(-z))) - label.Values[i]);
            }

            KernelWidths.ForEach<CrossEntropySum<double>, double>(
                () => new(length, x.Pointer, label.Pointer, weight.Pointer, sum.Pointer),
                bits => Numbers<double>.AssertClose([expected], sum.Take(), 1e-13, $"{bits} sum of {length}"));
            KernelWidths.ForEach<CrossEntropyGradient<double>, double>(
                () => new(length, x.Pointer, label.Pointer, weight.Pointer, 2, dx.Pointer),
                bits => Numbers<double>.AssertClose(gradient, dx.Take(), 1e-13, $"{bits} gradient of {length}"));
        }
    }
}
