using System.ComponentModel.DataAnnotations;

namespace Sagitta.Tracking.Fitting;

/// <summary>
/// The fit that outliers pull on with bounded force, as a differentiable operation: see <see cref="RobustCircleProblem"/>. One event at a
/// time.
/// </summary>
internal sealed class RobustFit
{
    private readonly ImplicitSolve<RobustCircleProblem> _solve;

    /// <summary>A fit for the planes of <paramref name="geometry"/>.</summary>
    public RobustFit(CircleGeometry geometry, RobustFitOptions? robust = null, CircleFitOptions? options = null)
    {
        Geometry = geometry;
        Robust = robust ?? new();
        Options = options ?? new();
        _solve = new(new MinimisationSolver<RobustCircleProblem>(new() { MaximumSteps = Options.MaximumSteps }),
            new MinimisationAdjoint<RobustCircleProblem>());
    }

    /// <summary>Planes and field.</summary>
    public CircleGeometry Geometry { get; }

    /// <summary>What bounds the force.</summary>
    public RobustFitOptions Robust { get; }

    /// <summary>Settings.</summary>
    public CircleFitOptions Options { get; }

    /// <summary>Fits every row (events x planes), beginning with <paramref name="start"/> (events x 3), through which no gradient
    /// flows.</summary>
    public ImplicitSolution Apply(Tensor<double> centroid, Tensor<double> sigma, Tensor<double> presence, PlaneShifts shifts,
        Tensor<double> start)
    {
        shifts.Require(Geometry.PlaneCount);
        Tensor<double> begin = centroid.Tape.Constant(start.Values, start.Rows, start.Columns);
        return _solve.Apply(new RobustCircleProblem(Geometry, centroid.Rows, Options, Robust.Scale), centroid, sigma, presence, shifts.Z,
            shifts.Y, begin);
    }
}

/// <summary>How outlying planes lose their say in a fit, smoothly and with exact gradients.</summary>
internal sealed record RobustFitOptions
{
    /// <summary>Pull from which planes act with bounded force on the robust fit, in standard deviations.</summary>
    [Range(1e-6, 1e6)]
    public double Scale { get; init; } = 2;

    /// <summary>Pull at which a plane's presence falls to a quarter in the fit that follows.</summary>
    [Range(1e-6, 1e6)]
    public double OutlierPull { get; init; } = 6;

    /// <summary>What scattering adds to a plane's error in that judgement, mm GeV: times q/pT.</summary>
    [Range(0, 1e6)]
    public double Scattering { get; init; } = 1;
}
