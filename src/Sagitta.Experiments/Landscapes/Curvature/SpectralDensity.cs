using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>The density of a symmetric matrix's eigenvalues by stochastic Lanczos quadrature (Lin, Saad, Yang, SIAM Review 58, 2016;
/// Ghorbani, Krishnan, Xiao, arXiv:1901.10159): for each random start, the Ritz values with the squared first components of their vectors
/// as weights are a Gauss quadrature of the density seen from there; the mean over starts estimates the density of all eigenvalues. Weights
/// sum to 1.</summary>
internal sealed record SpectralDensity(double[] Nodes, double[] Weights)
{
    public static SpectralDensity Estimate(ISymmetricMap map, ParameterSpace space, RandomKey key, int probes, int steps,
        CancellationToken stop = default)
    {
        List<double> nodes = [];
        List<double> weights = [];
        for (int probe = 0; probe < probes; probe++)
        {
            LanczosProcess process = new(map, space.Gaussian(key.Split((ulong)probe)));
            for (int step = 0; step < steps && process.Step(); step++)
            {
                stop.ThrowIfCancellationRequested();
            }

            (double[] values, Matrix<double> vectors) = process.Ritz();
            for (int i = 0; i < values.Length; i++)
            {
                nodes.Add(values[i]);
                weights.Add(vectors[0, i] * vectors[0, i] / probes);
            }
        }

        return new([.. nodes], [.. weights]);
    }

    /// <summary>The density at a value, each node spread as a Gaussian of this width.</summary>
    public double At(double value, double width) => Mean(node =>
    {
        double x = (value - node) / width;
        return Math.Exp(-0.5 * x * x);
    }) / (width * Math.Sqrt(2 * Math.PI));

    public double ShareBelow(double value) => Mean(node => node < value ? 1 : 0);

    /// <summary>Mean of a function over the eigenvalues; of the value itself it is the trace over the number of dimensions.</summary>
    public double Mean(Func<double, double> function) => Nodes.Zip(Weights, (node, weight) => weight * function(node)).Sum();
}

/// <summary>The trace of a symmetric matrix from products with random signs z: E[z H z] (Hutchinson, Communications in Statistics 18,
/// 1989). The mean over the probes and its standard error, NaN with one probe.</summary>
internal sealed record HutchinsonTrace(double Value, double Error)
{
    public static HutchinsonTrace Estimate(ISymmetricMap map, ParameterSpace space, RandomKey key, int probes,
        CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(probes);
        double[] product = new double[map.Length];
        double[] values = new double[probes];
        for (int i = 0; i < probes; i++)
        {
            stop.ThrowIfCancellationRequested();
            double[] signs = space.Signs(key.Split((ulong)i));
            map.Apply(signs, product);
            values[i] = TensorPrimitives.Dot<double>(signs, product);
        }

        double mean = values.Average();
        double variance = values.Sum(v => (v - mean) * (v - mean)) / (probes - 1.0) / probes;
        return new(mean, Math.Sqrt(variance));
    }
}
