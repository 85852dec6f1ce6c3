namespace Sagitta.Autodiff.Solvers;

/// <summary>How the solve of one item ended. Outcomes are data: a solver neither throws nor returns NaN for a bad item.</summary>
public enum SolveStatus : byte
{
    /// <summary>The gradient vanishes to rounding.</summary>
    Converged = 0,

    /// <summary>Fewer measurements (planes, points) than the model needs.</summary>
    TooFewPlanes = 1,

    /// <summary>The measurements do not determine the solution.</summary>
    Singular = 2,

    /// <summary>The steps ran out.</summary>
    NotConverged = 3,

    /// <summary>The descent ended where the model stops to be defined, or began from non-finite inputs.</summary>
    OutOfRange = 4,
}
