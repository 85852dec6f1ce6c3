namespace Sagitta.Physics.Protons;

/// <summary>The law of deposits in a thin sensitive layer.</summary>
/// <remarks>Transfers above a limit are drawn one by one from xi/T^2 (1 - beta^2 T/T_max); softer ones have their mean and the variance xi
/// times the limit (Rossi), plus that of the electrons' binding (Shulek et al., Sov. J. Nucl. Phys. 4 (1967) 400, in the form of a
/// <em>tuned</em> energy) with a Gaussian law. Electrons above the detector's threshold leave the proton's own deposit.</remarks>
internal sealed class SensitiveSlab
{
    // Between Urban's and Landau's laws: the number of single transfers, and the lowest energy that one of them may have, MeV.
    private const double SingleTransfers = 8;
    private const double LowestTransfer = 0.7e-3;

    // Variance by binding is xi times this energy, MeV.
    private const double BindingEnergy = 3e-3;
    private readonly RangeTable _range;
    private readonly double _strength;
    private readonly double _threshold;

    public SensitiveSlab(CompoundSlab slab, double threshold)
    {
        Thickness = slab.Thickness;
        _threshold = threshold;
        _strength = ProtonStopping.Strength(slab.Material);
        _range = new([slab]);
    }

    /// <summary>Thickness, mm.</summary>
    public double Thickness { get; }

    /// <summary>Takes a proton through so many mm: what it deposits itself, and all it loses, MeV.</summary>
    public (double Deposit, double Loss) Cross(double energy, double length, DrawBuffer draws)
    {
        double mean = energy - _range.Energy(_range.Range(energy) - length);
        if (mean >= energy)
        {
            return (energy, energy);
        }

        double beta2 = ProtonKinematics.VelocitySquared(energy);
        double xi = _strength * length / beta2;
        double largest = ProtonStopping.LargestTransfer(energy);
        double limit = Math.Max(LowestTransfer, xi / SingleTransfers);
        double single = limit < largest ? xi * (Math.Log(largest / limit) - (beta2 * (1 - (limit / largest)))) : 0;
        double soft = Math.Max(mean - single, 0.2 * mean);
        double spread = Math.Sqrt(xi * (Math.Min(limit, largest) + BindingEnergy));
        double deposit = Math.Max(soft + (spread * draws.NextGaussian()), 0.1 * soft);
        double escaped = 0;
        if (limit < largest)
        {
            double number = xi * ((1 / limit) - (1 / largest));
            for (double at = draws.NextExponential(); at < number; at += draws.NextExponential())
            {
                double transfer = limit / (1 - (draws.NextUniform() * (1 - (limit / largest))));
                if (draws.NextUniform() < beta2 * transfer / largest)
                {
                    continue;
                }

                deposit += transfer < _threshold ? transfer : 0;
                escaped += transfer < _threshold ? 0 : transfer;
            }
        }

        double loss = Math.Min(deposit + escaped, energy);
        return (Math.Min(deposit, loss), loss);
    }
}
