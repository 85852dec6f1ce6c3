namespace Sagitta.Tracking.Fitting;

/// <summary>The tensor that a fit with full covariance depends on besides those of <see cref="CircleFitInput"/>.</summary>
internal static class CorrelatedFitInput
{
    /// <summary>Events x 3: the converged diagonal fit, whose q/pT sets scattering and loss of energy.</summary>
    public const int Track = CircleFitInput.Count;

    /// <summary>How many there are in all.</summary>
    public const int Count = CircleFitInput.Count + 1;
}
