namespace Sagitta.Physics.Digitisation;

/// <summary>Background of a readout window. Every default is our choice.</summary>
internal sealed record BackgroundOptions
{
    /// <summary>Fluxes in kHz/cm2; an event draws one of them with equal chance, so more than one is a mixture.</summary>
    public IReadOnlyList<double> KHzPerCm2 { get; init; } = [5];

    /// <summary>Fraction of a plane's clusters whose particle crosses two or more planes of the station.</summary>
    public double CorrelatedFraction { get; init; } = 0.1;

    /// <summary>Mean number of planes that such a particle could cross (2, 3, ... with a geometric law), at least 2.</summary>
    public double CorrelatedPlanes { get; init; } = 3;

    /// <summary>Standard deviation of a particle's slope dy/dz.</summary>
    public double SlopeWidth { get; init; } = 0.3;

    /// <summary>Fraction of particles that stop in the gap, at a uniform depth.</summary>
    public double StoppingFraction { get; init; } = 0.5;

    /// <summary>Median deposit in a gap, keV; deposits are log-normal.</summary>
    public double MedianEnergy { get; init; } = 1.0;

    /// <summary>Standard deviation of the deposit's natural logarithm.</summary>
    public double EnergySpread { get; init; } = 0.8;
}
