namespace Sagitta.Tests.Autodiff.Operations;

public sealed class LinearTests
{
    [Theory]
    [InlineData(0, 3, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(13, 5, 9)]
    [InlineData(130, 3, 4)]
    public void Gradient_agrees_with_differences(int rows, int inputs, int outputs)
    {
        GradientCheck.Run((_, x) => Linear<double>.Apply(x[0], x[1], x[2]),
            [GradientCheck.Leaf.Random(rows, inputs, 1), GradientCheck.Leaf.Random(inputs, outputs, 2),
            GradientCheck.Leaf.Random(1, outputs, 3)]);
        GradientCheck.Run((_, x) => Linear<double>.Apply(x[0], x[1]),
            [GradientCheck.Leaf.Random(rows, inputs, 1), GradientCheck.Leaf.Random(inputs, outputs, 2)]);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(31)]
    public void A_weight_of_odd_width_gives_the_bits_of_one_padded_with_zeros_and_its_present_values_without_binding_it_again(int outputs)
    {
        const int Rows = 7;
        const int Inputs = 13;
        const int Padded = 32;
        ParameterLayout layout = new();
        Parameter weight = layout.Add("weight", Inputs, outputs, Initialisation.Uniform.FanIn(Inputs));
        Parameter bias = layout.Add("bias", 1, outputs, Initialisation.Uniform.FanIn(Inputs));
        using ParameterVector<float> parameters = new(layout);
        using Tape<float> inference = new(recording: false);
        inference.Bind(parameters);
        float[] numbers = new float[Rows * Inputs];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = MathF.Sin(i);
        }

        float[] first = Check(1);
        Assert.NotEqual(first, Check(2));
        Assert.Equal(first, Check(1));

        float[] Check(ulong seed)
        {
            parameters.Initialise(RandomKey.FromSeed(seed));
            inference.Reset();
            Tensor<float> y = Linear<float>.Apply(inference.Constant(numbers, Rows, Inputs), inference.Use(weight), inference.Use(bias));
            float[] paddedWeight = PaddedRows(parameters.Slice(weight), outputs, Padded);
            float[] paddedBias = PaddedRows(parameters.Slice(bias), outputs, Padded);
            Tensor<float> wide = Linear<float>.Apply(inference.Constant(numbers, Rows, Inputs),
                inference.Constant(paddedWeight, Inputs, Padded), inference.Constant(paddedBias, 1, Padded));
            for (int row = 0; row < Rows; row++)
            {
                Assert.True(y.Values.Slice(row * outputs, outputs).SequenceEqual(wide.Values.Slice(row * Padded, outputs)));
            }

            return y.Values.ToArray();
        }
    }

    [Fact]
    public void Wrong_shapes_are_named()
    {
        using Tape<double> tape = new();
        Tensor<double> x = tape.Allocate(2, 3);
        Tensor<double> weight = tape.Allocate(4, 5);
        ArgumentException error = Assert.Throws<ArgumentException>(() => Linear<double>.Apply(x, weight));
        Assert.Contains("2 x 3", error.Message, StringComparison.Ordinal);
    }

    private static float[] PaddedRows(ReadOnlySpan<float> values, int columns, int padded)
    {
        float[] result = new float[values.Length / columns * padded];
        for (int row = 0; row < values.Length / columns; row++)
        {
            values.Slice(row * columns, columns).CopyTo(result.AsSpan(row * padded));
        }

        return result;
    }
}
