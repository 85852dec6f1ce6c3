namespace Sagitta.Tracking.ResidualRange;

/// <summary>The deposit of a proton in a thin layer as a function of the range that is left to it: the rule of Bragg and Kleeman, R = alpha
/// E^p (Bortfeld, Med. Phys. 24 (1997) 2024), hence dE/dx proportional to (R - depth)^(1/p - 1), rounded off where the proton stops.
/// Lengths in mm of water, energies in MeV.</summary>
internal sealed record BraggCurve
{
    /// <summary>alpha, mm of water per MeV^p.</summary>
    public double Alpha { get; init; } = 0.0262;

    /// <summary>p.</summary>
    public double Exponent { get; init; } = 1.736;

    /// <summary>Power with which the deposit falls. The rule's own is 1 - 1/p = 0.424; deposits without electrons above a threshold fall
    /// faster, since those take more at high energy. The default is that of 25 um of silicon in the Geant4 training sample.</summary>
    public double Power { get; init; } = 0.455;

    /// <summary>Deposit in the layer at 1 mm of range left, MeV, the mean of its logarithm; the default is from the same sample.</summary>
    public double Scale { get; init; } = 0.2078;

    /// <summary>Length over which the curve is rounded off, mm: the range left is replaced by s ln(1 + exp(x/s)), which keeps the deposit
    /// finite where straggling lets protons go further than expected.</summary>
    public double Rounding { get; init; } = 1;

    /// <summary>Standard deviation of the logarithm of a deposit about the curve.</summary>
    public double Spread { get; init; } = 0.27;

    /// <summary>Kinetic energy of a range, MeV; 0 for none or less.</summary>
    public double Energy(double range) => range > 0 ? Math.Pow(range / Alpha, 1 / Exponent) : 0;

    /// <summary>Range of a kinetic energy, mm.</summary>
    public double Range(double energy) => Alpha * Math.Pow(energy, Exponent);

    /// <summary>Logarithm of the deposit (MeV) expected with so much range left, and its first two derivatives by it.</summary>
    public (double Value, double First, double Second) LogDeposit(double left)
    {
        double x = left / Rounding;
        if (x < -30)
        {
            return (Math.Log(Scale) - (Power * (Math.Log(Rounding) + x)), -Power / Rounding, 0);
        }

        // ln(1 + e) by its series where 1 + e would lose the digits of e.
        double e = Math.Exp(Math.Min(x, 30));
        double soft = x > 30 ? x : x < -8 ? e * (1 - (e * (0.5 - (e * ((1.0 / 3) - (e / 4)))))) : Math.Log(1 + e);
        double logistic = 1 / (1 + Math.Exp(-x));
        double first = logistic / soft;
        double second = (logistic * (1 - logistic) / soft) - (first * first);
        return (Math.Log(Scale) - (Power * Math.Log(Rounding * soft)), -Power * first / Rounding, -Power * second / (Rounding * Rounding));
    }
}
