namespace Sagitta.Tracking.Endcap;

/// <summary>
/// What two muons are measured for: the mass of pairs of opposite charge, and a trigger that asks for two tracks. An event passes the
/// trigger where two of its tracks have a scaled error (<see cref="TrackAcceptance.ScaledError"/>) below a cut, that at which a method
/// keeps <see cref="TriggerEfficiency"/> of the events with two muons or more.
/// </summary>
/// <param name="limit">The bound on the error of q/p of a track, 1/GeV.</param>
internal sealed class EndcapPairs(Func<TrackState, double> limit)
{
    /// <summary>Share of events with two muons that the trigger keeps.</summary>
    public const double TriggerEfficiency = 0.95;

    /// <summary>A mass that is off by this part of itself is in the tails: about five times its error.</summary>
    public const double MassTail = 0.1;
    private readonly List<double> _masses = [];
    private readonly List<double> _wanted = [], _unwanted = [];
    private int _pairs;

    /// <summary>Adds a true pair of opposite charge with the tracks of its muons, null where one was not found.</summary>
    public void AddMass(in TrackState first, in TrackState second, EndcapTrack? firstTrack, EndcapTrack? secondTrack)
    {
        if (first.QOverP * second.QOverP > 0)
        {
            return;
        }

        _pairs++;
        if (firstTrack is not null && secondTrack is not null && firstTrack.Charge * secondTrack.Charge < 0)
        {
            _masses.Add((Mass(firstTrack.Fit.Track, secondTrack.Fit.Track) / Mass(first, second)) - 1);
        }
    }

    /// <summary>Adds an event with so many true muons.</summary>
    public void AddTrigger(int muons, IReadOnlyList<EndcapTrack> tracks)
    {
        double[] errors = [.. tracks.Select(track => TrackAcceptance.ScaledError(track.Fit.Status, track.Fit.Track.QOverP,
            track.Fit.QOverPError, track.Fit.ChiSquare, track.Fit.DegreesOfFreedom, _ => limit(track.Fit.Track))).Order()];
        (muons >= 2 ? _wanted : _unwanted).Add(errors.Length >= 2 ? errors[1] : double.PositiveInfinity);
    }

    /// <summary>What was found so far.</summary>
    public EndcapPairMetrics Result()
    {
        TrackAcceptance acceptance = TrackAcceptance.At(TriggerEfficiency, 0, _wanted.ToArray());
        ResidualSample masses = new(_masses.ToArray());
        return new(_pairs, _pairs == 0 ? double.NaN : _masses.Count / (double)_pairs, masses.CoreWidth, masses.Median,
            masses.Count == 0 ? double.NaN : masses.TailFraction(MassTail), _wanted.Count == 0 ? double.NaN : acceptance.Efficiency,
            _unwanted.Count == 0 ? double.NaN : _unwanted.Count(error => error <= acceptance.Cut) / (double)_unwanted.Count);
    }

    /// <summary>The mass of two muons, GeV.</summary>
    public static double Mass(in TrackState a, in TrackState b)
    {
        const double Square = PhysicalConstants.MuonMass * PhysicalConstants.MuonMass;
        (double p, double q) = (Math.Abs(1 / a.QOverP), Math.Abs(1 / b.QOverP));
        (double e, double f) = (Math.Sqrt((p * p) + Square), Math.Sqrt((q * q) + Square));
        double sine = Math.Sin(Angle(a, b) / 2);

        // E E' - p p' as a fraction: the difference itself loses digits.
        double energies = ((Square * ((p * p) + (q * q))) + (Square * Square)) / ((e * f) + (p * q));
        return Math.Sqrt((2 * Square) + (2 * energies) + (4 * p * q * sine * sine));
    }

    /// <summary>The angle between two tracks, rad.</summary>
    public static double Angle(in TrackState a, in TrackState b)
    {
        (double x, double y, double z) = (a.Ty - b.Ty, b.Tx - a.Tx, (a.Tx * b.Ty) - (a.Ty * b.Tx));
        return Math.Atan2(Math.Sqrt((x * x) + (y * y) + (z * z)), 1 + (a.Tx * b.Tx) + (a.Ty * b.Ty));
    }
}

/// <summary>How well pairs of muons are measured.</summary>
/// <param name="Pairs">Close pairs of opposite charge.</param>
/// <param name="Measured">How many of them have a mass.</param>
/// <param name="MassWidth">Half of the 16-84 % span of mass / truth - 1.</param>
/// <param name="MassBias">Median of the same.</param>
/// <param name="MassTails">Masses off by more than <see cref="EndcapPairs.MassTail"/> of themselves, of all that were measured.</param>
/// <param name="TriggerEfficiency">Events with two muons or more that the trigger keeps.</param>
/// <param name="TriggerRate">Events with fewer that pass it.</param>
internal readonly record struct EndcapPairMetrics(int Pairs, double Measured, double MassWidth, double MassBias, double MassTails,
    double TriggerEfficiency, double TriggerRate);
