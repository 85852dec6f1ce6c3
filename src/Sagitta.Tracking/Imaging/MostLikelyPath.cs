namespace Sagitta.Tracking.Imaging;

/// <summary>Where a proton most likely crossed a plane within an object, from the beam before it and the line measured behind it, with
/// Gaussian scattering in between: the most likely path of Schulte et al. (Med. Phys. 35 (2008) 4849), with the beam's spot for the entry,
/// whose spread is that of an uncertain measurement (Krah et al., Phys. Med. Biol. 63 (2018) 135013). The object counts as water.
/// </summary>
/// <remarks>Place and slope relative to the spot's axis have the covariance P at the plane, those at the first layer R P R' + Q: R is the
/// straight way from plane to layer, Q what the rest of the object and the first layer's material scatter. The estimate is P R' (R P R' +
/// Q)^-1 times what was measured. x and y are alike and independent.</remarks>
internal sealed class MostLikelyPath
{
    // Highland's formula (PDG): 13.6 MeV / (p beta) times the root of the length in radiation lengths, times 1 + 0.038 of its logarithm.
    private const double HighlandEnergy = 13.6;
    private const double HighlandLogarithm = 0.038;
    private const double Step = 0.5;
    private readonly double _gainOfPlace;
    private readonly double _gainOfSlope;

    /// <summary>For an object of water.</summary>
    /// <param name="calorimeter">The beam and what lies behind the object.</param>
    /// <param name="water">Ranges and energies.</param>
    /// <param name="front">z where the object begins, mm.</param>
    /// <param name="back">z where it ends.</param>
    /// <param name="plane">z of the plane.</param>
    public MostLikelyPath(TrackingCalorimeter calorimeter, WaterEquivalent water, double front, double back, double plane)
    {
        ProtonBeam beam = calorimeter.Beam;
        (FirstLayer, Source) = (calorimeter.LayerPositions[0], beam.Z);
        PlaneBehind = plane - FirstLayer;
        double radiationLength = calorimeter.Phantom.RadiationLength;
        double beamRange = water.PathLength(0);
        double correction = 1 + (HighlandLogarithm * Math.Log(Math.Max(back - front, Step) / radiationLength));
        double Power(double z) => Math.Pow(
            HighlandEnergy * correction / ProtonKinematics.MomentumTimesVelocity(
                water.Energy(beamRange - (z - front))), 2) / radiationLength;
        Covariance Scatter(double from, double to, double at)
        {
            Covariance sum = default;
            int steps = (int)Math.Ceiling(Math.Max(to - from, 0) / Step);
            for (int i = 0; i < steps; i++)
            {
                double length = (to - from) / steps;
                double z = from + ((i + 0.5) * length);
                double strength = Power(z) * length;
                sum += new Covariance((at - z) * (at - z) * strength, (at - z) * strength, strength);
            }

            return sum;
        }

        double middle = Math.Clamp(plane, front, back);
        Covariance before = new Covariance(beam.Size * beam.Size, beam.Correlation * beam.Size * beam.Divergence,
            beam.Divergence * beam.Divergence).Drifted(plane - beam.Z) + Scatter(front, middle, plane);
        Covariance behind = Scatter(middle, back, FirstLayer);
        LayerGroup first = calorimeter.Groups[0];
        double layers = first.Before.Append(first.Sensitive).Concat(first.After)
            .Sum(slab => slab.Thickness / slab.Material.RadiationLength);
        double angle = HighlandEnergy * (1 + (HighlandLogarithm * Math.Log(layers)))
            / ProtonKinematics.MomentumTimesVelocity(water.Energy(beamRange - (back - front)));
        double lever = FirstLayer - plane;
        Covariance measured = before.Drifted(lever) + behind + new Covariance(0, 0, angle * angle * layers);

        // The first row of P R', then times the inverse.
        double place = before.Place + (lever * before.Both);
        double slope = before.Both;
        double determinant = (measured.Place * measured.Slope) - (measured.Both * measured.Both);
        _gainOfPlace = ((place * measured.Slope) - (slope * measured.Both)) / determinant;
        _gainOfSlope = ((slope * measured.Place) - (place * measured.Both)) / determinant;
        Error = Math.Sqrt(before.Place - (_gainOfPlace * place) - (_gainOfSlope * slope));
    }

    /// <summary>Standard deviation of the true place about the estimate, mm.</summary>
    public double Error { get; }

    /// <summary>z of the first layer, mm.</summary>
    public double FirstLayer { get; }

    private double Source { get; }
    private double PlaneBehind { get; }

    /// <summary>x or y in the plane.</summary>
    /// <param name="axis">The spot's axis.</param>
    /// <param name="place">x or y at the first layer.</param>
    /// <param name="slope">Measured slope there.</param>
    public double At(in SpotAxis axis, double place, double slope) => axis.At(FirstLayer + PlaneBehind - Source)
        + (_gainOfPlace * (place - axis.At(FirstLayer - Source))) + (_gainOfSlope * (slope - axis.Slope));

    /// <summary>Variances and covariance of place and slope.</summary>
    private readonly record struct Covariance(double Place, double Both, double Slope)
    {
        public static Covariance operator +(Covariance a, Covariance b) => new(a.Place + b.Place, a.Both + b.Both, a.Slope + b.Slope);

        public Covariance Drifted(double length) =>
            new(Place + (2 * length * Both) + (length * length * Slope), Both + (length * Slope), Slope);
    }
}

/// <summary>The axis of a spot in one plane: where it starts, and its slope.</summary>
internal readonly record struct SpotAxis(double Start, double Slope)
{
    /// <summary>Its place so many mm behind the start.</summary>
    public double At(double distance) => Start + (distance * Slope);

    /// <summary>Slopes as a linear function of the spot's place, from where protons arrive on average: a scanning magnet tilts the beam in
    /// proportion. With one spot all have its mean slope.</summary>
    /// <param name="protons">For each proton the place of its spot, and its own at the first layer.</param>
    /// <param name="length">From the source to the first layer, mm.</param>
    public static Func<double, SpotAxis> Fit(IReadOnlyCollection<(double Spot, double Place)> protons, double length)
    {
        double spot = protons.Average(p => p.Spot);
        double slope = protons.Average(p => (p.Place - p.Spot) / length);
        double squares = protons.Sum(p => (p.Spot - spot) * (p.Spot - spot));
        double gradient = squares > 0 ? protons.Sum(p => (p.Spot - spot) * (((p.Place - p.Spot) / length) - slope)) / squares : 0;
        return at => new(at, slope + (gradient * (at - spot)));
    }
}
