using Sagitta.Autodiff.Solvers;
using Sagitta.Autodiff.Tensors;

namespace Sagitta.Reconstruction.Fitting;

/// <summary>
/// The weighted fit of an exact circle as a differentiable operation: centroids, their errors and presences in, tracks (events x 3, the
/// order of <see cref="TrackParameter"/>) with statuses out. Gradients reach every input of <see cref="CircleFitInput"/>.
/// </summary>
public sealed class CircleFit
{
    private readonly ImplicitSolve<CircleProblem> _solve;

    /// <summary>A fit for the planes of <paramref name="geometry"/>, differentiated through the implicit function theorem unless another adjoint is given.</summary>
    public CircleFit(CircleGeometry geometry, CircleFitOptions? options = null, IImplicitAdjoint<CircleProblem>? adjoint = null)
    {
        Geometry = geometry;
        Options = options ?? new();
        _solve = new(new CircleSolver(), adjoint ?? new CircleAdjoint());
    }

    /// <summary>Planes and field.</summary>
    public CircleGeometry Geometry { get; }

    /// <summary>Settings.</summary>
    public CircleFitOptions Options { get; }

    /// <summary>
    /// Fits every row. <paramref name="centroid"/>, <paramref name="sigma"/> and <paramref name="presence"/> are events x planes; sigma must be positive.
    /// An event with NaN in it is <see cref="SolveStatus.OutOfRange"/>; failed events have finite values that mean nothing, and no gradient.
    /// </summary>
    public ImplicitSolution Apply(Tensor<double> centroid, Tensor<double> sigma, Tensor<double> presence)
    {
        Tensor<double> zero = centroid.Tape.Allocate(1, Geometry.PlaneCount);
        zero.Values.Clear();
        return Apply(centroid, sigma, presence, zero, zero);
    }

    /// <summary>The same with shifts of the planes along z and y (1 x planes, mm), towards which gradients flow as well.</summary>
    public ImplicitSolution Apply(Tensor<double> centroid, Tensor<double> sigma, Tensor<double> presence, Tensor<double> planeZ, Tensor<double> planeY)
    {
        RequireShape(centroid, centroid.Rows, nameof(centroid));
        RequireShape(sigma, centroid.Rows, nameof(sigma));
        RequireShape(presence, centroid.Rows, nameof(presence));
        RequireShape(planeZ, 1, nameof(planeZ));
        RequireShape(planeY, 1, nameof(planeY));
        return _solve.Apply(new CircleProblem(Geometry, centroid.Rows, Options), centroid, sigma, presence, planeZ, planeY);
    }

    private void RequireShape(Tensor<double> tensor, int rows, string name)
    {
        if (tensor.Rows != rows || tensor.Columns != Geometry.PlaneCount)
        {
            throw new ArgumentException($"A circle fit of {Geometry.PlaneCount} planes needs {rows} x {Geometry.PlaneCount} here, not {tensor.Rows} x {tensor.Columns}.", name);
        }
    }
}
