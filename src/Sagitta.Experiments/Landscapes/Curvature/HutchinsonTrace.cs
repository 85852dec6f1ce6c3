using System.Numerics.Tensors;

namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>The trace of a symmetric matrix from products with random signs z: E[z H z] (Hutchinson, Communications in Statistics 18,
/// 1989).</summary>
/// <param name="Value">Mean over the probes.</param>
/// <param name="Error">Standard error of that mean; NaN with one probe.</param>
/// <param name="Probes">Number of probes.</param>
internal sealed record HutchinsonTrace(double Value, double Error, int Probes)
{
    /// <summary>Estimates a trace.</summary>
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
        return new(mean, Math.Sqrt(variance), probes);
    }
}
