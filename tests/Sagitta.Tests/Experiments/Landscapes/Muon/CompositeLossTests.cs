using System.Numerics.Tensors;

namespace Sagitta.Tests.Experiments.Landscapes.Muon;

public sealed class CompositeLossTests
{
    // Differences of the whole gradient carry the rounding of the fits, which splitting at the logits keeps out.
    [Fact]
    public void Products_are_exact_in_random_directions_and_agree_with_differences_of_the_gradient()
    {
        using WorkerThreads threads = new(2);
        using CompositeLoss loss = Loss(threads, out double[] centre);
        ParameterSpace space = new(loss.Layout);
        double[] direction = space.Gaussian(RandomKey.FromSeed(5));
        var split = DifferenceStep.Find(loss, centre, direction);
        var plain = DifferenceStep.Find(new Differences(loss), centre, direction);
        Assert.InRange(split.Error, 0, 1e-6);
        double[] found = new double[centre.Length];
        double[] expected = new double[centre.Length];
        new HessianProduct(loss, centre, split.Step).Apply(direction, found);
        new HessianProduct(new Differences(loss), centre, plain.Step).Apply(direction, expected);
        Assert.InRange(DifferenceStep.Difference(expected, found), 0, 1e-3);
    }

    [Fact]
    public void Products_are_symmetric_and_do_not_depend_on_threads()
    {
        double[][] products = [.. new[] { 1, 3 }.Select(count =>
        {
            using WorkerThreads threads = new(count);
            using CompositeLoss loss = Loss(threads, out double[] centre);
            ParameterSpace space = new(loss.Layout);
            double[] u = space.Gaussian(RandomKey.FromSeed(6));
            double[] v = space.Gaussian(RandomKey.FromSeed(7));
            double[] hu = new double[centre.Length];
            double[] hv = new double[centre.Length];
            HessianProduct hessian = new(loss, centre, 1e-6);
            hessian.Apply(u, hu);
            hessian.Apply(v, hv);
            double there = TensorPrimitives.Dot<double>(u, hv);
            double back = TensorPrimitives.Dot<double>(v, hu);
            Assert.Equal(there, back, 1e-5 * TensorPrimitives.Norm<double>(u) * TensorPrimitives.Norm<double>(hv));
            return hu;
        })];
        Assert.Equal(products[0], products[1]);
    }

    private static CompositeLoss Loss(WorkerThreads threads, out double[] centre)
    {
        MuonExperiment experiment = SmallMuonRun.Experiment;
        MuonChain chain = new(experiment, SmallMuonRun.Detector);
        using ParameterVector<double> parameters = new(chain.Scorer.Layout);
        parameters.Initialise(RandomKey.FromSeed(4));
        centre = parameters.Values.ToArray();
        MuonLossOptions options = experiment.Loss with { Fit = 3, Likelihood = 1 };
        return new(new MuonSample(chain, SmallMuonRun.Training, 12, options.Classification), new(chain, options, experiment.RobustScale),
            withFit: true, threads);
    }

    // The same loss without its own way to a product.
    private sealed class Differences(ILoss loss) : ILoss
    {
        public ParameterLayout Layout => loss.Layout;

        public double Gradient(ReadOnlySpan<double> parameters, Span<double> gradient) => loss.Gradient(parameters, gradient);
    }
}
