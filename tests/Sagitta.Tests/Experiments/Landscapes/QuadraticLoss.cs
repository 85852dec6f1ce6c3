namespace Sagitta.Tests.Experiments.Landscapes;

/// <summary>w A w / 2 with A of known eigenvalues in a turned frame; also the matrix as a map.</summary>
internal sealed class QuadraticLoss : ILoss, ISymmetricMap
{
    private readonly double[] _eigenvalues;
    private readonly double[] _mirror;

    public QuadraticLoss(double[] eigenvalues)
    {
        _eigenvalues = eigenvalues;
        Layout = new();
        Layout.Add("weight", 1, eigenvalues.Length, new Initialisation.Constant(0));
        // A Householder reflection turns the axes to nowhere in particular.
        _mirror = [.. eigenvalues.Select((_, i) => Math.Sin(1 + (0.7 * i)))];
        double norm = Math.Sqrt(_mirror.Sum(x => x * x));
        _mirror = [.. _mirror.Select(x => x / norm)];
    }

    public ParameterLayout Layout { get; }

    public int Length => Layout.Length;

    public double Gradient(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        Apply(parameters, gradient);
        double sum = 0;
        for (int i = 0; i < parameters.Length; i++)
        {
            sum += parameters[i] * gradient[i] / 2;
        }

        return sum;
    }

    public void Apply(ReadOnlySpan<double> vector, Span<double> result)
    {
        result.Clear();
        vector[.._eigenvalues.Length].CopyTo(result);
        Reflect(result);
        for (int i = 0; i < _eigenvalues.Length; i++)
        {
            result[i] *= _eigenvalues[i];
        }

        Reflect(result);
    }

    private void Reflect(Span<double> vector)
    {
        double dot = 0;
        for (int i = 0; i < _mirror.Length; i++)
        {
            dot += _mirror[i] * vector[i];
        }

        for (int i = 0; i < _mirror.Length; i++)
        {
            vector[i] -= 2 * dot * _mirror[i];
        }
    }
}
