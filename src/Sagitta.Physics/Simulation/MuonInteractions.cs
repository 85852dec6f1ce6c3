namespace Sagitta.Physics.Simulation;

/// <summary>What matter does to a muon in one step, and a gap's gas to its deposit, drawn at random: the physics that the transports of all
/// detectors share. docs/physics.md has the formulas.</summary>
internal static class MuonInteractions
{
    // The law of a deposit by transfers that stay on the muon's path, in the gap of TunedGaps: a normal z bent by Hermite polynomials,
    // 1 + spread (z + skewness/6 (z^2 - 1) + cubic (z^3 - 3 z)). Tuned on the Geant4 reference sample's events below 10,000, for 5 mm of
    // Ar/CO2 at one atmosphere.
    private const double DepositSpread = 0.498;
    private const double DepositSkewness = 0.894;
    private const double DepositCubic = 0.005;

    /// <summary>Energy lost in a step in GeV: soft transfers as their mean and a Gaussian, hard ones from
    /// xi/T^2 (1 - beta^2 T/T_max) one by one.</summary>
    public static double Loss(TransportStep step, MomentumTable softLoss, double momentum, double slant, DrawBuffer draws)
    {
        double strength = step.LossStrength * slant;
        double cut = step.LossStrength / TransportPlan.HardTransfers;
        double loss = (softLoss.At(momentum) * slant) + (Math.Sqrt(strength * cut) * draws.NextGaussian());
        double u = draws.NextUniform();
        if (u < TransportPlan.HardTransfers * slant)
        {
            (double betaGamma, double gamma, double beta) = BetheLoss.Velocity(momentum);
            double largest = BetheLoss.LargestTransfer(betaGamma, gamma);
            double transfer = cut / draws.NextUniform();
            loss += transfer < largest && draws.NextUniform() >= beta * beta * transfer / largest ? transfer : 0;
        }

        return Math.Max(loss, 0);
    }

    /// <summary>Angle across the flight and displacement at the step's end, in the bending plane; scale is sqrt(slant)/(p beta).</summary>
    public static (double Angle, double Displacement) Scatter(TransportStep step, double scale, DrawBuffer draws)
    {
        double first = step.CoreDisplacement * draws.NextGaussian();
        double angle = scale * ((step.CoreCorrelation * first) + (step.CoreAngle * draws.NextGaussian()));
        double displacement = scale * first;
        for (double place = draws.NextExponential() / CoulombScattering.HardScatters; place < 1; place += draws.NextExponential(
            ) / CoulombScattering.HardScatters)
        {
            double transfer = step.HardCut / Math.Sqrt(draws.NextUniform());
            double ratio = transfer / CoulombScattering.NuclearTransfer;
            double point = 1 / (1 + (ratio * ratio));
            double projected = scale * transfer * Math.Cos(2 * Math.PI * draws.NextUniform());
            if (draws.NextUniform() < point * point)
            {
                angle += projected;
                displacement += projected * step.DistanceAtQuantile(place);
            }
        }

        return (angle, displacement);
    }

    /// <summary>Deposit in keV by transfers that stay on the muon's path, of the given mean, in a gap of so many times the mass per area of
    /// the one where the law was tuned.</summary>
    public static double Deposit(double mean, double tunedGaps, DrawBuffer draws)
    {
        double shrink = 1 / Math.Sqrt(tunedGaps);
        double z = draws.NextGaussian();

        // Cornish and Fisher's expansion: skewness falls with the gap's thickness as the spread does, the cubic as its square.
        double square = z * z;
        double bent = z + (DepositSkewness / 6 * shrink * (square - 1)) + (DepositCubic * shrink * shrink * z * (square - 3));
        return mean * Math.Max(1 + (DepositSpread * shrink * bent), 0.02);
    }

    /// <summary>The direction of a struck electron: cos = T (E + m)/(p_e p) to the muon's, any azimuth (kinematics of a free electron at
    /// rest).</summary>
    public static (double X, double Y, double Z) Emit(double sine, double acrossDirection, double momentum, double energy, DrawBuffer draws)
    {
        const double Mass = PhysicalConstants.ElectronMass;
        double transfer = energy * PhysicalConstants.KiloElectronVolt;
        double total = Math.Sqrt((momentum * momentum) + (PhysicalConstants.MuonMass * PhysicalConstants.MuonMass));
        double cosine = Math.Min(transfer * (total + Mass) / (Math.Sqrt(transfer * (transfer + (2 * Mass))) * momentum), 1);
        double away = Math.Sqrt(1 - (cosine * cosine));
        (double sinPhi, double cosPhi) = Math.SinCos(2 * Math.PI * draws.NextUniform());
        double inPlane = Math.Sqrt(1 - (acrossDirection * acrossDirection));
        double forward = Math.Sqrt(1 - (sine * sine));

        // The muon's direction m, and across it a = (inPlane, -x sine, -x forward) and b = (0, forward, -sine).
        (double mx, double my, double mz) = (acrossDirection, inPlane * sine, inPlane * forward);
        double a = away * cosPhi;
        double b = away * sinPhi;
        return ((cosine * mx) + (a * inPlane), (cosine * my) - (a * acrossDirection * sine) + (b * forward),
            (cosine * mz) - (a * acrossDirection * forward) - (b * sine));
    }
}
