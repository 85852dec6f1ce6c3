using System.ComponentModel.DataAnnotations;

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

/// <summary>Settings of a circle fit.</summary>
internal sealed record CircleFitOptions
{
    /// <summary>Planes that must be present for a fit.</summary>
    [Range(TrackParameter.Count, 255)]
    public int MinimumPlanes { get; init; } = TrackParameter.Count;

    /// <summary>The presence from which a plane counts towards <see cref="MinimumPlanes"/>. It decides the status only: every plane enters
    /// the fit with its weight.</summary>
    [Range(0.0, 1.0)]
    public double MinimumPresence { get; init; } = 0.01;

    /// <summary>A measurement of y at z = 0 that joins the planes of every event; none by default.</summary>
    public VertexConstraint Vertex { get; init; } = new();

    /// <summary>Steps before an event is given up.</summary>
    [Range(1, 1_000_000)]
    public int MaximumSteps { get; init; } = 100;
}

/// <summary>Places of the tensors that a circle fit depends on.</summary>
internal static class CircleFitInput
{
    /// <summary>Events x planes: measured y, mm.</summary>
    public const int Centroid = 0;

    /// <summary>Events x planes: its standard deviation, mm.</summary>
    public const int Sigma = 1;

    /// <summary>Events x planes: how much the plane counts, 0 (not at all) to 1.</summary>
    public const int Presence = 2;

    /// <summary>1 x planes: shift of the planes along z, mm.</summary>
    public const int PlaneZ = 3;

    /// <summary>1 x planes: shift of the planes along y, mm; a hit's y is its centroid plus this.</summary>
    public const int PlaneY = 4;

    /// <summary>How many there are.</summary>
    public const int Count = 5;
}

/// <summary>Places of the parameters in a fitted track.</summary>
internal static class TrackParameter
{
    /// <summary>y at z = 0, mm.</summary>
    public const int Y0 = 0;

    /// <summary>Sine of the angle to +z in the (y, z) plane at z = 0.</summary>
    public const int Slope = 1;

    /// <summary>Charge over momentum in the (y, z) plane, 1/GeV.</summary>
    public const int QOverPt = 2;

    /// <summary>How many there are.</summary>
    public const int Count = 3;
}

/// <summary>A measurement of y at z = 0, such as a beam spot's, which joins the planes in a fit. The default is none.</summary>
/// <param name="Y">Its value, mm.</param>
/// <param name="Weight">One over its variance, 1/mm^2; 0 is no constraint.</param>
internal sealed record VertexConstraint(
    [property: Range(-1e6, 1e6)] double Y = 0, [property: Range(0, 1e12)] double Weight = 0);
