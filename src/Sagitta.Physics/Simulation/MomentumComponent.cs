namespace Sagitta.Physics.Simulation;

/// <summary>One part of a mixture of transverse momenta: dN/dpT falls as pT^-Exponent between two bounds.</summary>
internal sealed record MomentumComponent
{
    /// <summary>Lower bound of pT, GeV.</summary>
    public double Low { get; init; } = 5;

    /// <summary>Upper bound of pT, GeV; equal to the lower for one fixed pT.</summary>
    public double High { get; init; } = 100;

    /// <summary>0 is flat in pT, 2 is flat in 1/pT.</summary>
    public double Exponent { get; init; }

    /// <summary>Share of the mixture, relative to the other components'.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>The pT at quantile <paramref name="uniform"/>.</summary>
    public double AtQuantile(double uniform)
    {
        if (Low >= High)
        {
            return Low;
        }

        double power = 1 - Exponent;
        return Math.Abs(power) < 1e-12
            ? Low * Math.Pow(High / Low, uniform)
            : Math.Pow(Math.Pow(Low, power) + (uniform * (Math.Pow(High, power) - Math.Pow(Low, power))), 1 / power);
    }
}
