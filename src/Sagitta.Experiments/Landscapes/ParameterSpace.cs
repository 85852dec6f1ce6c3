using System.Numerics.Tensors;

namespace Sagitta.Experiments.Landscapes;

/// <summary>The trained numbers of a flat parameter vector as a vector space: random directions in it, and its scaling tensor by
/// tensor.</summary>
internal sealed class ParameterSpace(ParameterLayout layout)
{
    /// <summary>Length of vectors, with padding and numbers that are not trained, which stay zero.</summary>
    public int Length => layout.Length;
    public int Dimensions => layout.Count;

    /// <summary>The parameters of a model in double precision.</summary>
    public static double[] Vector(ParameterVector<float> parameters)
    {
        double[] vector = new double[parameters.Values.Length];
        TensorPrimitives.ConvertTruncating<float, double>(parameters.Values, vector);
        return vector;
    }

    /// <summary>A direction of independent standard normal numbers.</summary>
    public double[] Gaussian(RandomKey key)
    {
        RandomDraws draws = key.Draws();
        return Fill(() => draws.NextGaussian());
    }

    /// <summary>A direction of independent signs (Rademacher).</summary>
    public double[] Signs(RandomKey key)
    {
        RandomDraws draws = key.Draws();
        return Fill(() => draws.NextIndex(2) == 0 ? -1 : 1);
    }

    /// <summary>Scales each tensor of a direction to the norm of the same tensor of the parameters (arXiv:2407.13420, section on loss
    /// landscapes; a coarser form of the filter normalisation of Li et al., arXiv:1712.09913). A tensor of the direction without length
    /// becomes zero.</summary>
    public double[] Normalise(ReadOnlySpan<double> direction, ReadOnlySpan<double> parameters)
    {
        double[] scaled = new double[Length];
        foreach (Parameter parameter in layout.Parameters)
        {
            if (!parameter.Trainable)
            {
                continue;
            }

            ReadOnlySpan<double> part = direction.Slice(parameter.Offset, parameter.Length);
            double norm = TensorPrimitives.Norm(part);
            double wanted = TensorPrimitives.Norm(parameters.Slice(parameter.Offset, parameter.Length));
            if (norm > 0)
            {
                TensorPrimitives.Multiply(part, wanted / norm, scaled.AsSpan(parameter.Offset, parameter.Length));
            }
        }

        return scaled;
    }

    /// <summary>The trained numbers of a vector, all others zero.</summary>
    public double[] Trained(ReadOnlySpan<double> vector)
    {
        double[] kept = new double[Length];
        foreach (Parameter parameter in layout.Parameters)
        {
            if (parameter.Trainable)
            {
                vector.Slice(parameter.Offset, parameter.Length).CopyTo(kept.AsSpan(parameter.Offset));
            }
        }

        return kept;
    }

    private double[] Fill(Func<double> draw)
    {
        double[] direction = new double[Length];
        foreach (Parameter parameter in layout.Parameters)
        {
            for (int i = 0; parameter.Trainable && i < parameter.Length; i++)
            {
                direction[parameter.Offset + i] = draw();
            }
        }

        return direction;
    }
}
