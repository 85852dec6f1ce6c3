namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>The curvature of a loss at a model.</summary>
internal sealed record CurvatureResult
{
    /// <summary>The loss at the model.</summary>
    public required double Loss { get; init; }

    /// <summary>Length of the gradient there.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Frames whose loss has a slope at the scores, of losses that hold it; null for others.</summary>
    public int? ActiveFrames { get; init; }

    /// <summary>Number of trained parameters.</summary>
    public required int Dimensions { get; init; }

    /// <summary>The step of Hessian-vector products, with its error along a random direction.</summary>
    public required DifferenceStep Step { get; init; }

    /// <summary>Relative difference of the products with the leading eigenvector at that step and at a quarter of it.</summary>
    public required double LeadingError { get; init; }

    /// <summary>The same at all steps tried.</summary>
    public required IReadOnlyList<StepError> LeadingLadder { get; init; }

    /// <summary>|u H v - v H u| relative to their mean size, of the sum and the difference of the leading eigenvector and a random
    /// direction: 0 for a symmetric matrix.</summary>
    public required double Asymmetry { get; init; }

    /// <summary>Leading eigenpairs by Lanczos.</summary>
    public required Eigenpairs Lanczos { get; init; }

    /// <summary>The same by power iteration; null where not asked for.</summary>
    public Eigenpairs? Power { get; init; }

    /// <summary>The trace; null where not asked for.</summary>
    public HutchinsonTrace? Trace { get; init; }

    /// <summary>The spectral density; null where not asked for.</summary>
    public SpectralDensity? Density { get; init; }
}
