namespace Sagitta.Tracking.Measurement;

/// <summary>The strips of some events as the measurement stage sees them, one number a hit each.</summary>
internal readonly ref struct WeighedStrips
{
    /// <summary>Weights, or their logits.</summary>
    public required Tensor<double> Scores { get; init; }

    /// <summary>Whether <see cref="Scores"/> are logits.</summary>
    public required bool Logits { get; init; }

    /// <summary>Strip centres, mm.</summary>
    public required ReadOnlySpan<double> Y { get; init; }

    /// <summary>Charges, or all 1.</summary>
    public required ReadOnlySpan<double> Amplitude { get; init; }

    /// <summary>Times, ns.</summary>
    public required ReadOnlySpan<double> Time { get; init; }

    /// <summary>Groups of hits by event and plane; must stay as it is until the backward pass is over.</summary>
    public required Segments Planes { get; init; }
}
