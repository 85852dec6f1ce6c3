using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Sagitta.Experiments.Landscapes.Slices;

/// <summary>A plane through a model: centre + a first + b second.</summary>
internal sealed record SlicePlane(double[] Centre, double[] First, double[] Second)
{
    /// <summary>A plane along two directions, each scaled tensor by tensor to the model.</summary>
    public static SlicePlane Normalised(ParameterSpace space, double[] centre, double[] first, double[] second) =>
        new(centre, space.Normalise(first, centre), space.Normalise(second, centre));

    public void Point(double a, double b, Span<double> parameters)
    {
        TensorPrimitives.MultiplyAdd(First, a, Centre, parameters);
        TensorPrimitives.MultiplyAdd(Second, b, parameters, parameters);
    }

    /// <summary>The point of the plane nearest to parameters (least squares), and the share of their squared distance from the centre that
    /// lies in the plane; trained numbers only.</summary>
    public (double A, double B, double Share) Project(ParameterSpace space, ReadOnlySpan<double> parameters)
    {
        double[] offset = new double[Centre.Length];
        TensorPrimitives.Subtract(parameters, Centre, offset);
        offset = space.Trained(offset);
        double aa = TensorPrimitives.Dot<double>(First, First);
        double ab = TensorPrimitives.Dot<double>(First, Second);
        double bb = TensorPrimitives.Dot<double>(Second, Second);
        double u = TensorPrimitives.Dot<double>(First, offset);
        double v = TensorPrimitives.Dot<double>(Second, offset);
        double determinant = (aa * bb) - (ab * ab);
        double a = ((bb * u) - (ab * v)) / determinant;
        double b = ((aa * v) - (ab * u)) / determinant;
        double whole = TensorPrimitives.Dot<double>(offset, offset);
        return (a, b, whole > 0 ? ((a * u) + (b * v)) / whole : 1);
    }

    /// <summary>The plane that holds most of a training's path: the two leading principal directions of its steps' offsets from the final
    /// model (Li et al., arXiv:1712.09913, section 7), of length 1; null if the path has no two dimensions.</summary>
    public static SlicePlane? Principal(ParameterSpace space, double[] centre, IReadOnlyList<double[]> steps)
    {
        double[][] offsets = [.. steps.Select(step =>
        {
            double[] offset = new double[centre.Length];
            TensorPrimitives.Subtract<double>(step, centre, offset);
            return space.Trained(offset);
        })];
        if (offsets.Length < 2)
        {
            return null;
        }

        // Few steps of many parameters: the eigenvectors of the small Gram matrix give those of the large one.
        DenseMatrix gram = DenseMatrix.Create(offsets.Length, offsets.Length, (i, j) =>
            TensorPrimitives.Dot<double>(offsets[i], offsets[j]));
        Evd<double> decomposition = gram.Evd(Symmetricity.Symmetric);
        int last = offsets.Length - 1;
        double first = decomposition.EigenValues[last].Real;
        double second = decomposition.EigenValues[last - 1].Real;
        if (!(second > 1e-12 * first))
        {
            return null;
        }

        return new(centre, Direction(offsets, decomposition.EigenVectors.Column(last), first),
            Direction(offsets, decomposition.EigenVectors.Column(last - 1), second));
    }

    private static double[] Direction(double[][] offsets, Vector<double> coefficients, double eigenvalue)
    {
        double[] direction = new double[offsets[0].Length];
        for (int i = 0; i < offsets.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(offsets[i], coefficients[i] / Math.Sqrt(eigenvalue), direction, direction);
        }

        return direction;
    }
}
