namespace Sagitta.Tracking.Endcap;

/// <summary>Looks at hits and tracks, one event after another, for signs that file and detector do not belong together: none of them is an
/// error, all of them change momenta. Not for several threads at once.</summary>
/// <param name="geometry">The detector.</param>
internal sealed class EndcapWatch(EndcapGeometry geometry)
{
    // With fewer events shares say little.
    private const int FewestEvents = 20;
    private const double SmallestShareOfEvents = 0.5;
    private const double LargestShareOutside = 0.02;

    // Chi-square a degree of freedom that a good track hardly has; a few muons radiate.
    private const double LargeChiSquare = 5;
    private const double LargestShareOfBadFits = 0.25;

    // In units of threshold and window.
    private const double LargestCharge = 200;
    private const double SmallestTime = 0.01;
    private const double LargestTime = 3;
    private const double LargestShareOdd = 0.5;

    // Strips end a little outside of the sensitive part, mm.
    private const double Margin = 50;
    private readonly Readout _readout = geometry.Strips.Readout;
    private readonly (double Low, double High)[] _ends = [.. geometry.Detector.Planes.Select(Ends)];
    private readonly PlaneWatch _planes = new(geometry.Planes.Count, geometry.Strips.NominalResolution);
    private long _tracks;
    private long _badFits;
    private long _withTrack;
    private long _crowded;
    private long _outside;
    private long _oddCharges;
    private long _oddTimes;
    private long _hits;
    private bool _knowsCharge;
    private bool _knowsTime;

    /// <summary>Events so far.</summary>
    public long Events { get; private set; }

    /// <summary>Tracks so far.</summary>
    public long Tracks => _tracks;

    /// <summary>Adds an event with its tracks.</summary>
    public void Add(EndcapEvents events, int e, IReadOnlyList<EndcapTrack> tracks)
    {
        Events++;
        for (int hit = events.Offsets[e]; hit < events.Offsets[e + 1]; hit++)
        {
            // What a read-out gives lies above its threshold and within its window, and hardly all of it near zero.
            (float charge, float time) = (events.Charge[hit], events.Time[hit]);
            _knowsCharge |= charge != events.Charge[0];
            _knowsTime |= time != events.Time[0];
            _oddCharges += charge < 0.5 * _readout.Threshold || charge > LargestCharge * _readout.Threshold ? 1 : 0;
            _oddTimes += Math.Abs(time) < SmallestTime * _readout.Window || Math.Abs(time) > LargestTime * _readout.Window ? 1 : 0;
            (double low, double high) = _ends[events.Plane[hit]];
            _outside += events.U[hit] < low - Margin || events.U[hit] > high + Margin ? 1 : 0;
            _hits++;
        }

        int converged = 0;
        foreach (EndcapTrack track in tracks)
        {
            converged += track.Fit.IsConverged ? 1 : 0;
            _badFits += track.Fit.IsConverged && track.Fit.ChiSquare > LargeChiSquare * track.Fit.DegreesOfFreedom ? 1 : 0;
            _crowded += track.Fit.Status == SolveStatus.TooManyHits ? 1 : 0;
            _planes.Add(track.Residuals);
        }

        _tracks += converged;
        _withTrack += converged > 0 ? 1 : 0;
    }

    /// <summary>What looks wrong so far, a sentence each.</summary>
    public IReadOnlyList<string> Warnings()
    {
        List<string> warnings = [];
        if (_crowded > 0)
        {
            warnings.Add($"{_crowded} events have too many hits to be reconstructed: their status says so");
        }

        if (Events >= FewestEvents)
        {
            if (_outside > LargestShareOutside * _hits)
            {
                warnings.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{100.0 * _outside / _hits:0.#} % of the hits lie outside of their planes: mind the unit of u, and the detector"));
            }

            foreach ((string name, string unit, long odd) in ((string, string, long)[])[
                ("charge", "primary electrons", _knowsCharge ? _oddCharges
                : 0), ("time", "ns", _knowsTime ? _oddTimes : 0)])
            {
                if (odd > LargestShareOdd * _hits)
                {
                    warnings.Add(string.Create(CultureInfo.InvariantCulture,
                        $"{100.0 * odd / _hits:0.#} % of the hits have a {name} that the read-out does not give: mind its unit, {unit}"));
                }
            }

            if (_withTrack < SmallestShareOfEvents * Events)
            {
                warnings.Add(string.Create(CultureInfo.InvariantCulture,
                    $"only {100.0 * _withTrack / Events:0.#} % of {Events} events give a track: mind units, planes and the detector"));
            }

            if (_badFits > LargestShareOfBadFits * _tracks)
            {
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{100.0 * _badFits / _tracks:0.#} % of {_tracks} tracks have a "
                    + $"chi-square above {LargeChiSquare} a degree of freedom: mind the detector, its field and where its planes stand"));
            }

            if (_planes.Warning() is { } misaligned)
            {
                warnings.Add(misaligned);
            }
        }

        return warnings;
    }

    // What u the sensitive part of a plane spans.
    private static (double Low, double High) Ends(EndcapPlane plane)
    {
        double aside = Math.Abs(plane.Sine) * plane.Extent.HalfWidth;
        double a = plane.Measured(0, plane.Extent.LowY), b = plane.Measured(0, plane.Extent.HighY);
        return (Math.Min(a, b) - aside, Math.Max(a, b) + aside);
    }
}
