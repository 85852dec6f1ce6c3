namespace Sagitta.Tests.Experiments.Landscapes.Curvature;

public sealed class HessianProductTests
{
    [Fact]
    public void A_quadratic_form_gives_its_matrix()
    {
        QuadraticLoss loss = new([3, -1, 0.5, 20]);
        double[] centre = new double[16];
        double[] vector = [1, 2, -1, 0.5, .. new double[12]];
        double[] found = new double[16];
        double[] expected = new double[16];
        new HessianProduct(loss, centre, 1e-3).Apply(vector, found);
        loss.Apply(vector, expected);
        Assert.True(DifferenceStep.Difference(found, expected) < 1e-12);
        new HessianProduct(loss, centre, 1e-3).Apply(new double[16], found);
        Assert.All(found, value => Assert.Equal(0, value));
    }

    [Fact]
    public void The_measured_error_of_a_small_network_is_tiny_and_the_Hessian_symmetric()
    {
        using SmallNetworkLoss loss = new(new Learning.SmoothActivation());
        var step = DifferenceStep.Find(loss, loss.Centre, new ParameterSpace(loss.Layout).Gaussian(RandomKey.FromSeed(1)));
        Assert.InRange(step.Error, 0, 1e-7);
        Assert.All(step.Ladder, rung => Assert.True(rung.Error >= step.Error));
    }

    // The published code's own product, by double back-propagation in double precision, at a network with rectifiers and maxima.
    [Fact]
    public void Products_agree_with_double_back_propagation_of_the_published_network()
    {
        using NpzReader frame = GoldenFile.Open("frame_010");
        using NpzReader stored = GoldenFile.Open("net_trained");
        using NpzReader output = GoldenFile.Open("out_010_trained");
        using GoldenLoss loss = new(frame);
        using ParameterVector<double> parameters = new(loss.Layout);
        using ParameterVector<double> direction = new(loss.Layout);
        using ParameterVector<double> expected = new(loss.Layout);
        GoldenNetwork.Read(stored, "", parameters);
        GoldenNetwork.Read(output, "hvp.v.", direction);
        GoldenNetwork.Read(output, "f64.hvp.Hv.", expected);
        double[] centre = parameters.Values.ToArray();
        var step = DifferenceStep.Find(loss, centre, direction.Values);
        double[] found = new double[centre.Length];
        new HessianProduct(loss, centre, step.Step).Apply(direction.Values, found);
        Assert.InRange(step.Error, 0, 1e-5);
        Assert.InRange(DifferenceStep.Difference(found, expected.Values), 0, 1e-5);
    }
}
