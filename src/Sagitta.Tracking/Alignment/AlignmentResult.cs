namespace Sagitta.Tracking.Alignment;

/// <summary>What an alignment found.</summary>
internal sealed record AlignmentResult
{
    /// <summary>What residuals depend on.</summary>
    public required AlignmentModel Model { get; init; }

    /// <summary>The measurements of the last round.</summary>
    public required AlignmentTracks Tracks { get; init; }

    /// <summary>Which of them count.</summary>
    public required AlignmentSelection Selection { get; init; }

    /// <summary>The parameters before, in the order of <see cref="AlignmentParameters"/>.</summary>
    public required double[] Start { get; init; }

    /// <summary>The parameters after.</summary>
    public required double[] Values { get; init; }

    /// <summary>Their covariance, by what tracks disagree: clusters may state too large or too small errors.</summary>
    public required double[,] Covariance { get; init; }

    /// <summary>The parameters that moved.</summary>
    public required IReadOnlyList<int> Free { get; init; }

    /// <summary>What held the weak modes.</summary>
    public required IReadOnlyList<AlignmentConstraint> Constraints { get; init; }

    /// <summary>The sum at <see cref="Start"/>, over the hits of the last round.</summary>
    public required AlignmentSum Before { get; init; }

    /// <summary>The sum at <see cref="Values"/>.</summary>
    public required AlignmentSum After { get; init; }

    /// <summary>Weak modes of the free parameters without constraints.</summary>
    public required IReadOnlyList<WeakMode> Modes { get; init; }

    /// <summary>How far each round moved the plane that it moved most, mm.</summary>
    public required IReadOnlyList<double> Moves { get; init; }

    /// <summary>Number of events.</summary>
    public required int Events { get; init; }

    /// <summary>Why the corrections must not be used; null if they may.</summary>
    public required string? Problem { get; init; }

    /// <summary>Standard deviation of a parameter.</summary>
    public double Error(int parameter) => Math.Sqrt(Math.Max(0, Covariance[parameter, parameter]));
}
