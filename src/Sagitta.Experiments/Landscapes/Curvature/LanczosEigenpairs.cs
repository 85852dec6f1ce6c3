using MathNet.Numerics.LinearAlgebra;

namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>The eigenpairs of largest absolute value by <see cref="LanczosProcess"/>: far fewer products than power iteration, and the
/// lowest eigenvalue beside.</summary>
internal static class LanczosEigenpairs
{
    /// <summary>Iterates until the residuals of the leading Ritz pairs are below a tolerance times their values.</summary>
    /// <param name="map">The matrix.</param>
    /// <param name="space">Where start vectors are drawn.</param>
    /// <param name="key">Their randomness.</param>
    /// <param name="count">How many eigenpairs.</param>
    /// <param name="tolerance">Largest residual relative to the eigenvalue.</param>
    /// <param name="mostSteps">Most products; what is reached then is returned as not converged.</param>
    /// <param name="stop">Stops between products.</param>
    public static Eigenpairs Find(ISymmetricMap map, ParameterSpace space, RandomKey key, int count, double tolerance, int mostSteps,
        CancellationToken stop = default)
    {
        LanczosProcess process = new(map, space.Gaussian(key));
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            process.Step();
            if (process.Steps < Math.Min(count, mostSteps)
                && (!process.Exhausted || process.Restart(space.Gaussian(key.Split((ulong)process.Steps)))))
            {
                continue;
            }

            (double[] values, Matrix<double> vectors) = process.Ritz();
            int[] order = [.. Enumerable.Range(0, values.Length).OrderByDescending(i => Math.Abs(values[i])).Take(count)];
            bool converged = order.All(i => Residual(process, vectors, i) <= tolerance * Math.Abs(values[i]));
            if (converged || process.Exhausted || process.Steps >= mostSteps)
            {
                Eigenpair[] pairs = [.. order.Select(i => new Eigenpair(
                    values[i], process.Combine(vectors.Column(i)), Residual(process, vectors, i)))];
                return new(pairs, values[0], process.Steps, converged);
            }
        }
    }

    private static double Residual(LanczosProcess process, Matrix<double> vectors, int pair) =>
        Math.Abs(process.Remainder * vectors[process.Steps - 1, pair]);
}
