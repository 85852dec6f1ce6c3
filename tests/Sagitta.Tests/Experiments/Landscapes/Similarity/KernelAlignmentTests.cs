using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Sagitta.Tests.Experiments.Landscapes.Similarity;

public sealed class KernelAlignmentTests
{
    private const int Rows = 24;

    [Fact]
    public void Estimates_agree_with_full_Gram_matrices() => Prop.ForAll(
        Gen.Choose(0, 10_000).ToArbitrary(),
        seed =>
        {
            float[] x = Draw(seed, 5), y = Draw(seed + 1, 3);
            double expected = Direct(x, 5, y, 3);
            double found = UnbiasedIndependence.Estimate(new(x, Rows, 5), new(y, Rows, 3));
            return Math.Abs(expected - found) <= 1e-9 * (1 + Math.Abs(expected));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Alignment_does_not_change_under_orthogonal_maps_and_factors() => Prop.ForAll(
        Gen.Choose(0, 10_000).ToArbitrary(),
        Gen.Choose(1, 50).ToArbitrary(),
        (seed, factor) =>
        {
            float[] x = Draw(seed, 4), y = Draw(seed + 7, 4);
            Matrix<double> turn = DenseMatrix.Create(4, 4, (i, j) => Math.Sin(1 + seed + (3 * i) + (7 * j))).QR().Q;
            DenseMatrix matrix = DenseMatrix.Create(Rows, 4, (i, j) => x[(4 * i) + j]);
            Matrix<double> turned = (0.1 * factor) * (matrix * turn);
            float[] moved = [.. Enumerable.Range(0, Rows * 4).Select(k => (float)turned[k / 4, k % 4])];
            return Math.Abs(Alignment(x, 4, y, 4) - Alignment(moved, 4, y, 4)) < 1e-3 && Math.Abs(Alignment(x, 4, moved, 4) - 1) < 1e-3;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_representation_is_aligned_with_itself_and_not_with_noise()
    {
        float[] x = Draw(1, 6);
        Assert.Equal(1, Alignment(x, 6, x, 6), 1e-12);
        KernelAlignment noise = new(1, 1);
        for (int batch = 0; batch < 50; batch++)
        {
            noise.Add([new(Draw(100 + batch, 6), Rows, 6)], [new(Draw(1000 + batch, 6), Rows, 6)]);
        }

        Assert.InRange(Math.Abs(noise.Values()[0]), 0, 0.1);
    }

    [Fact]
    public void Minibatches_add_up()
    {
        KernelAlignment alignment = new(2, 1);
        double cross = 0, first = 0, second = 0;
        for (int batch = 0; batch < 3; batch++)
        {
            float[] x = Draw(batch, 4), y = [.. x.Select((v, i) => v + Draw(batch + 50, 4)[i])], z = Draw(batch + 90, 2);
            alignment.Add([new(x, Rows, 4), new(z, Rows, 2)], [new(y, Rows, 4)]);
            cross += Direct(x, 4, y, 4);
            first += Direct(x, 4, x, 4);
            second += Direct(y, 4, y, 4);
        }

        Assert.Equal(2, alignment.Values().Length);
        Assert.Equal(cross / Math.Sqrt(first * second), alignment.Values()[0], 1e-6);
    }

    [Fact]
    public void Too_few_rows_are_refused() => Assert.Throws<ArgumentException>(() => new ActivationBatch(new float[6], 3, 2));

    [Fact]
    public void Stored_values_of_the_published_code_are_met()
    {
        using NpzReader file = new(GoldenFile.Committed("numpy/cka.npz"));
        float[] x = file.Read<float>("X"), y = file.Read<float>("Y");
        ActivationBatch first = new(x, 64, x.Length / 64), second = new(y, 64, y.Length / 64);
        foreach ((string name, double found) in new[]
        {
            ("hsic_kl", UnbiasedIndependence.Estimate(first, second)), ("hsic_kk", UnbiasedIndependence.Estimate(first, first)), (
                "hsic_ll", UnbiasedIndependence.Estimate(second, second)),
            ("cka", Alignment(x, x.Length / 64, y, y.Length / 64, 64)),
        })
        {
            double expected = file.ReadConverted<double>(name)[0];
            Assert.Equal(expected, found, 1e-3 * Math.Abs(expected));
        }
    }

    private static double Alignment(float[] x, int columnsX, float[] y, int columnsY, int rows = Rows)
    {
        KernelAlignment alignment = new(1, 1);
        alignment.Add([new(x, rows, columnsX)], [new(y, rows, columnsY)]);
        return alignment.Values()[0];
    }

    // The estimator as it is written in the paper, with Gram matrices.
    private static double Direct(float[] x, int columnsX, float[] y, int columnsY)
    {
        Matrix<double> k = Gram(x, columnsX), l = Gram(y, columnsY);
        Vector<double> ones = DenseVector.Create(Rows, 1);
        double n = Rows;
        return ((k * l).Trace() + (ones * k * ones * (ones * l * ones) / ((n - 1) * (n - 2))) - (2 / (n - 2) * (ones * k * l * ones))) / (
            n * (n - 3));
    }

    private static Matrix<double> Gram(float[] values, int columns)
    {
        DenseMatrix matrix = DenseMatrix.Create(Rows, columns, (i, j) => values[(columns * i) + j]);
        Matrix<double> gram = matrix * matrix.Transpose();
        gram.SetDiagonal(new double[Rows]);
        return gram;
    }

    private static float[] Draw(int seed, int columns)
    {
        RandomDraws draws = RandomKey.FromSeed((ulong)seed).Draws();
        return [.. Enumerable.Range(0, Rows * columns).Select(_ => (float)(draws.NextGaussian() + 0.5))];
    }
}
