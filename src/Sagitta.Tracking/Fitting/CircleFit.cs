namespace Sagitta.Tracking.Fitting;

/// <summary>
/// The weighted fit of an exact circle as a differentiable operation: centroids, their errors and presences in, tracks (events x 3, the
/// order of <see cref="TrackParameter"/>) with statuses out. Gradients reach every input of <see cref="CircleFitInput"/>.
/// </summary>
internal sealed class CircleFit
{
    private readonly ImplicitSolve<CircleProblem> _solve;

    /// <summary>A fit for the planes of <paramref name="geometry"/>, differentiated through the implicit function theorem unless another
    /// adjoint is given.</summary>
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
    /// Fits every row. <paramref name="centroid"/>, <paramref name="sigma"/> and <paramref name="presence"/> are events x planes; sigma
    /// must be positive. An event with NaN in it is <see cref="SolveStatus.OutOfRange"/>; failed events have finite values that mean
    /// nothing, and no gradient.
    /// </summary>
    public ImplicitSolution Apply(Tensor<double> centroid, Tensor<double> sigma, Tensor<double> presence) =>
        Apply(centroid, sigma, presence, PlaneShifts.None(centroid.Tape, Geometry.PlaneCount));

    /// <summary>The same with shifts of the planes, towards which gradients flow as well.</summary>
    public ImplicitSolution Apply(Tensor<double> centroid, Tensor<double> sigma, Tensor<double> presence, PlaneShifts shifts)
    {
        RequireShape(centroid, centroid.Rows, nameof(centroid));
        RequireShape(sigma, centroid.Rows, nameof(sigma));
        RequireShape(presence, centroid.Rows, nameof(presence));
        shifts.Require(Geometry.PlaneCount);
        return _solve.Apply(new CircleProblem(Geometry, centroid.Rows, Options), centroid, sigma, presence, shifts.Z, shifts.Y);
    }

    private void RequireShape(Tensor<double> tensor, int rows, string name)
    {
        if (tensor.Rows != rows || tensor.Columns != Geometry.PlaneCount)
        {
            throw new ArgumentException(
                $"A circle fit of {Geometry.PlaneCount} planes needs {rows} x {Geometry.PlaneCount} here, not {tensor.Rows} x "
                + $"{tensor.Columns}.", name);
        }
    }
}
