namespace Sagitta.Tests.Learning.Optimisers;

public sealed class OptimiserTests
{
    [Fact]
    public void Adam_follows_its_algorithm_number_by_number()
    {
        AdamOptions options = new() { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-3, WeightDecay = 0.1 };
        (ParameterVector<double> parameters, ParameterVector<double> gradients) = Vectors<double>();
        using Adam<double> adam = new(parameters.Layout, options);
        double[] p = parameters.Values.ToArray(), m = new double[p.Length], v = new double[p.Length];
        for (int step = 1; step <= 5; step++)
        {
            gradients.Initialise(new RandomKey((ulong)step));
            for (int i = 0; i < p.Length; i++)
            {
                double g = gradients.Values[i];
                m[i] = (0.8 * m[i]) + (0.2 * g);
                v[i] = (0.95 * v[i]) + (0.05 * g * g);
                double meanHat = m[i] / (1 - Math.Pow(0.8, step)), squareHat = v[i] / (1 - Math.Pow(0.95, step));
                p[i] = (p[i] * (1 - (0.01 * 0.1))) - (0.01 * meanHat / (Math.Sqrt(squareHat) + 1e-3));
            }

            adam.Step(parameters, gradients, 0.01);
            Equal(p, parameters.Values, 1e-14);
        }

        Assert.Equal(5, adam.StepCount);
    }

    [Fact]
    public void RmsProp_follows_its_algorithm_number_by_number()
    {
        (ParameterVector<double> parameters, ParameterVector<double> gradients) = Vectors<double>();
        using RmsProp<double> optimiser = new(parameters.Layout);
        double[] p = parameters.Values.ToArray(), v = new double[p.Length];
        for (int step = 1; step <= 5; step++)
        {
            gradients.Initialise(new RandomKey((ulong)step));
            for (int i = 0; i < p.Length; i++)
            {
                double g = gradients.Values[i];
                v[i] = (0.99 * v[i]) + (0.01 * g * g);
                p[i] -= 0.001 * g / (Math.Sqrt(v[i]) + 1e-8);
            }

            optimiser.Step(parameters, gradients, 0.001);
            Equal(p, parameters.Values, 1e-14);
        }
    }

    [Fact]
    public void First_Adam_step_has_the_length_of_the_rate()
    {
        (ParameterVector<float> parameters, ParameterVector<float> gradients) = Vectors<float>();
        using Adam<float> adam = new(parameters.Layout);
        float before = parameters.Values[0];
        gradients.Values[0] = 1234;
        adam.Step(parameters, gradients, 0.25);
        Assert.Equal(before - 0.25f, parameters.Values[0], 1e-6f);
    }

    [Fact]
    public void Padding_and_parameters_without_gradient_stay()
    {
        (ParameterVector<float> parameters, ParameterVector<float> gradients) = Vectors<float>();
        float[] before = parameters.Values.ToArray();
        using Adam<float> adam = new(parameters.Layout);
        using RmsProp<float> rmsProp = new(parameters.Layout);
        adam.Step(parameters, gradients, 0.1);
        rmsProp.Step(parameters, gradients, 0.1);
        Assert.Equal(before, parameters.Values.ToArray());
    }

    [Fact]
    public void Weight_decay_shrinks_parameters_and_leaves_running_averages()
    {
        ParameterLayout layout = new();
        Parameter weight = layout.Add("weight", 3, 5, new Initialisation.Constant(1)), mean = layout.AddBuffer(
            "mean", 1, 5, new Initialisation.Constant(1));
        using ParameterVector<float> parameters = new(layout), gradients = new(layout);
        parameters.Initialise(new RandomKey(1));
        using Adam<float> adam = new(layout, new() { WeightDecay = 0.5 });
        adam.Step(parameters, gradients, 0.5);
        Assert.All(parameters.Slice(weight).ToArray(), w => Assert.Equal(0.75f, w));
        Assert.All(parameters.Slice(mean).ToArray(), m => Assert.Equal(1f, m));
    }

    [Fact]
    public void Step_allocates_nothing()
    {
        (ParameterVector<float> parameters, ParameterVector<float> gradients) = Vectors<float>();
        using Adam<float> adam = new(parameters.Layout);
        adam.Step(parameters, gradients, 0.1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        adam.Step(parameters, gradients, 0.1);
        GradientClipping.Clip(gradients, 1);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Vector_of_another_network_is_refused()
    {
        (ParameterVector<float> parameters, ParameterVector<float> gradients) = Vectors<float>();
        using Adam<float> adam = new(new ParameterLayout());
        Assert.Throws<ArgumentException>(() => adam.Step(parameters, gradients, 0.1));
    }

    [Fact]
    public void Clipping_keeps_the_direction_and_bounds_the_length()
    {
        (ParameterVector<double> _, ParameterVector<double> gradients) = Vectors<double>();
        gradients.Initialise(new RandomKey(3));
        double[] before = gradients.Values.ToArray();
        double norm = Math.Sqrt(before.Sum(g => g * g));
        Assert.Equal(norm, GradientClipping.Clip(gradients, norm * 1.01), 1e-12 * norm);
        Assert.Equal(before, gradients.Values.ToArray());
        Assert.Equal(norm, GradientClipping.Clip(gradients, 0.5), 1e-12 * norm);
        Equal([.. before.Select(g => g * 0.5 / norm)], gradients.Values, 1e-14);
        Assert.Equal(0.5, GradientClipping.Norm(gradients), 1e-12);
    }

    [Fact]
    public void Clipping_leaves_a_gradient_that_is_not_finite_to_the_caller()
    {
        (ParameterVector<float> _, ParameterVector<float> gradients) = Vectors<float>();
        gradients.Values[1] = float.NaN;
        gradients.Values[2] = 5;
        Assert.True(double.IsNaN(GradientClipping.Clip(gradients, 1)));
        Assert.Equal(5, gradients.Values[2]);
    }

    private static (ParameterVector<T> Parameters, ParameterVector<T> Gradients) Vectors<T>()
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        ParameterLayout layout = new();
        layout.Add("weight", 9, 5, new Initialisation.Uniform(1));
        layout.Add("bias", 1, 5, new Initialisation.Uniform(1));
        ParameterVector<T> parameters = new(layout);
        parameters.Initialise(new RandomKey(7));
        return (parameters, new(layout));
    }

    private static void Equal(double[] expected, ReadOnlySpan<double> actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}
