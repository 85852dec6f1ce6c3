using MathNet.Numerics.LinearAlgebra;

namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>
/// The density of a symmetric matrix's eigenvalues by stochastic Lanczos quadrature (Lin, Saad, Yang, SIAM Review 58, 2016; Ghorbani,
/// Krishnan, Xiao, arXiv:1901.10159): for each random start, the Ritz values with the squared first components of their vectors as weights
/// are a Gauss quadrature of the density seen from there; the mean over starts estimates the density of all eigenvalues.
/// </summary>
/// <param name="Nodes">Ritz values of all starts.</param>
/// <param name="Weights">Weight of each; together 1.</param>
internal sealed record SpectralDensity(double[] Nodes, double[] Weights)
{
    /// <summary>Estimates a density.</summary>
    /// <param name="map">The matrix.</param>
    /// <param name="space">Where start vectors are drawn.</param>
    /// <param name="key">Their randomness.</param>
    /// <param name="probes">Number of starts.</param>
    /// <param name="steps">Lanczos steps from each.</param>
    /// <param name="stop">Stops between products.</param>
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
    public double At(double value, double width)
    {
        double sum = 0;
        for (int i = 0; i < Nodes.Length; i++)
        {
            double x = (value - Nodes[i]) / width;
            sum += Weights[i] * Math.Exp(-0.5 * x * x);
        }

        return sum / (width * Math.Sqrt(2 * Math.PI));
    }

    /// <summary>The share of eigenvalues below a value.</summary>
    public double ShareBelow(double value)
    {
        double share = 0;
        for (int i = 0; i < Nodes.Length; i++)
        {
            share += Nodes[i] < value ? Weights[i] : 0;
        }

        return share;
    }

    /// <summary>Mean of a function over the eigenvalues; of the value itself it is the trace over the number of dimensions.</summary>
    public double Mean(Func<double, double> function)
    {
        double sum = 0;
        for (int i = 0; i < Nodes.Length; i++)
        {
            sum += Weights[i] * function(Nodes[i]);
        }

        return sum;
    }
}
