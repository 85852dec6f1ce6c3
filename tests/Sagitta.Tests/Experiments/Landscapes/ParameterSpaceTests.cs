namespace Sagitta.Tests.Experiments.Landscapes;

public sealed class ParameterSpaceTests
{
    private static readonly ParameterLayout _layout = Layout();

    [Fact]
    public void Directions_leave_buffers_and_padding_alone()
    {
        ParameterSpace space = new(_layout);
        foreach (double[] direction in (double[][])[space.Gaussian(RandomKey.FromSeed(1)), space.Signs(RandomKey.FromSeed(2)),
            space.Trained([.. Enumerable.Repeat(1.0, space.Length)])])
        {
            Assert.Equal(space.Dimensions, direction.Count(x => x != 0));
            Assert.All(_layout.Parameters.Where(p => !p.Trainable), p =>
                Assert.All(direction[p.Offset..(p.Offset + p.Length)], x => Assert.Equal(0, x)));
        }
    }

    [Fact]
    public void Normalised_directions_have_the_norm_of_every_tensor()
    {
        ParameterSpace space = new(_layout);
        double[] parameters = [.. Enumerable.Range(0, space.Length).Select(i => 0.1 * i)];
        double[] direction = space.Gaussian(RandomKey.FromSeed(3));
        Parameter silent = _layout.Find("bias")!;
        Array.Clear(direction, silent.Offset, silent.Length);
        double[] scaled = space.Normalise(direction, parameters);
        Parameter weight = _layout.Find("weight")!;
        Assert.Equal(Norm(parameters, weight), Norm(scaled, weight), 1e-12);
        Assert.Equal(0, Norm(scaled, silent));
        Assert.Equal(0, Norm(scaled, _layout.Find("running")!));
    }

    private static double Norm(double[] vector, Parameter parameter) =>
        Math.Sqrt(vector[parameter.Offset..(parameter.Offset + parameter.Length)].Sum(x => x * x));

    private static ParameterLayout Layout()
    {
        ParameterLayout layout = new();
        layout.Add("weight", 3, 5, new Initialisation.Constant(1));
        layout.AddBuffer("running", 1, 4, new Initialisation.Constant(1));
        layout.Add("bias", 1, 4, new Initialisation.Constant(1));
        return layout;
    }
}
