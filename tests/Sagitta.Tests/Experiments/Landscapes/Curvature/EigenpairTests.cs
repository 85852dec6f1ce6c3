using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;

namespace Sagitta.Tests.Experiments.Landscapes.Curvature;

public sealed class EigenpairTests
{
    [Fact]
    public void Lanczos_agrees_with_the_full_Hessian_of_a_small_network()
    {
        using SmallNetworkLoss loss = new(new Learning.SmoothActivation());
        ParameterSpace space = new(loss.Layout);
        var step = DifferenceStep.Find(loss, loss.Centre, space.Gaussian(RandomKey.FromSeed(1)));
        double[] exact = [.. loss.FullHessian(step.Step).Evd(Symmetricity.Symmetric).EigenValues.Select(v => v.Real)
            .OrderByDescending(Math.Abs)];
        Eigenpairs found = LanczosEigenpairs.Find(new HessianProduct(loss, loss.Centre, step.Step), space, RandomKey.FromSeed(2), 4,
            1e-6, 57);
        Assert.True(found.Converged);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(exact[i], found.Leading[i].Value, 1e-6 * Math.Abs(exact[0]));
        }

        Assert.Equal(exact.Min(), found.Lowest, 1e-3 * Math.Abs(exact[0]));
    }

    [Fact]
    public void Lanczos_and_power_iteration_agree()
    {
        using SmallNetworkLoss loss = new(new Activation.Elu());
        ParameterSpace space = new(loss.Layout);
        HessianProduct map = new(loss, loss.Centre, 1e-5);
        Eigenpairs lanczos = LanczosEigenpairs.Find(map, space, RandomKey.FromSeed(3), 2, 1e-4, 57);
        Eigenpairs power = PowerIteration.Find(map, space, RandomKey.FromSeed(4), 2, 1e-6, 500);
        Assert.True(power.Converged);
        for (int i = 0; i < 2; i++)
        {
            Assert.InRange(power.Leading[i].Value / lanczos.Leading[i].Value, 0.99, 1.01);
            double overlap = lanczos.Leading[i].Vector.Zip(power.Leading[i].Vector, (a, b) => a * b).Sum();
            Assert.InRange(Math.Abs(overlap), 0.99, 1.0001);
        }
    }

    [Fact]
    public void Lanczos_finds_the_ends_of_any_spectrum() => Prop.ForAll(
        Gen.Choose(-1000, 1000).ArrayOf(12).ToArbitrary(),
        numbers =>
        {
            double[] eigenvalues = [.. numbers.Select((n, i) => (n / 100.0) + (i * 1e-4))];
            QuadraticLoss matrix = new(eigenvalues);
            ParameterSpace space = new(matrix.Layout);
            // Without a tolerance it goes on through the whole space, where the lowest value beside a close neighbour has converged too.
            Eigenpairs found = LanczosEigenpairs.Find(matrix, space, RandomKey.FromSeed(5), 2, 0, 12);
            double[] expected = [.. eigenvalues.OrderByDescending(Math.Abs)];
            return Math.Abs(found.Leading[0].Value - expected[0]) < 1e-6 && Math.Abs(found.Leading[1].Value - expected[1]) < 1e-6
                && Math.Abs(found.Lowest - eigenvalues.Min()) < 1e-6;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_space_that_is_exhausted_ends_the_process()
    {
        QuadraticLoss identity = new([2, 2, 2, 2]);
        ParameterSpace space = new(identity.Layout);
        LanczosProcess process = new(identity, space.Gaussian(RandomKey.FromSeed(6)));
        Assert.True(process.Step());
        Assert.False(process.Step());
        Assert.Equal(2, process.Ritz().Values[0], 1e-12);
        Assert.True(process.Restart(space.Gaussian(RandomKey.FromSeed(7))));
        Assert.True(process.Step());
        Assert.Equal([2.0, 2.0], process.Ritz().Values.Select(v => Math.Round(v, 9)));
    }

    [Fact]
    public void Equal_eigenvalues_are_found_one_by_one()
    {
        QuadraticLoss matrix = new([0, 0, 0, 0]);
        Eigenpairs found = LanczosEigenpairs.Find(matrix, new(matrix.Layout), RandomKey.FromSeed(8), 2, 1e-9, 4);
        Assert.Equal([0.0, 0.0], found.Leading.Select(p => p.Value));
    }

    [Fact]
    public void The_process_refuses_a_start_of_zero() =>
        Assert.Throws<ArgumentException>(() => new LanczosProcess(new QuadraticLoss([1, 2]), new double[16]));
}
