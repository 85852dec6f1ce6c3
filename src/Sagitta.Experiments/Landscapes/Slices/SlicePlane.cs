using System.Numerics.Tensors;

namespace Sagitta.Experiments.Landscapes.Slices;

/// <summary>A plane through a model: centre + a first + b second.</summary>
/// <param name="Centre">Parameters of the model.</param>
/// <param name="First">First direction.</param>
/// <param name="Second">Second direction.</param>
internal sealed record SlicePlane(double[] Centre, double[] First, double[] Second)
{
    /// <summary>A plane along two directions, each scaled tensor by tensor to the model.</summary>
    public static SlicePlane Normalised(ParameterSpace space, double[] centre, double[] first, double[] second) =>
        new(centre, space.Normalise(first, centre), space.Normalise(second, centre));

    /// <summary>Writes the parameters at a point.</summary>
    public void Point(double a, double b, Span<double> parameters)
    {
        TensorPrimitives.MultiplyAdd(First, a, Centre, parameters);
        TensorPrimitives.MultiplyAdd(Second, b, parameters, parameters);
    }

    /// <summary>
    /// The point of the plane nearest to parameters (least squares), and the share of their squared distance from the centre that lies in
    /// the plane; trained numbers only.
    /// </summary>
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
}
