using System.ComponentModel.DataAnnotations;

namespace Sagitta.Physics.Digitisation;

/// <summary>Background deposits of one readout window. A plane's mean number of clusters is flux times window times area, the area being
/// strip length times road width, whatever fraction of them crosses several planes. Not thread-safe.</summary>
internal sealed class Background
{
    // Clusters just outside the road may still reach in.
    private const double Margin = 5;
    private const double SquareCentimetresPerMetreTimesMillimetre = 10;
    private const double PerKiloHertzNanosecond = 1e-6;
    private readonly Detector _detector;
    private readonly BackgroundOptions _options;
    private readonly int[] _firstPlane;
    private readonly DrawBuffer _draws = new();
    private int _particle;

    public Background(Detector detector, BackgroundOptions options)
    {
        _detector = detector;
        _options = options;
        _firstPlane = new int[detector.StationCount + 1];
        for (int p = 0; p < detector.Planes.Count; p++)
        {
            _firstPlane[detector.Planes[p].Station + 1] = p + 1;
        }
    }

    /// <summary>Mean number of clusters per plane and road at a flux in kHz/cm2.</summary>
    public static double MeanClusters(Readout readout, double kiloHertzPerCm2) =>
        kiloHertzPerCm2 * PerKiloHertzNanosecond * readout.Window * readout.StripLength * 2 * readout.RoadHalfWidth
            * SquareCentimetresPerMetreTimesMillimetre;

    public void Generate(double kiloHertzPerCm2, ReadOnlySpan<float> roadCentres, RandomKey key, DepositList deposits)
    {
        Begin(key);
        for (int station = 0; station < _detector.StationCount; station++)
        {
            AddWindow(station, roadCentres[station], _detector.Readout.RoadHalfWidth, kiloHertzPerCm2, deposits);
        }
    }

    /// <summary>Begins an event: particles are numbered from 1.</summary>
    public void Begin(RandomKey key)
    {
        _draws.Restart(key);
        _particle = 1;
    }

    /// <summary>Adds what crosses a window of a station's planes about a centre, mm.</summary>
    public void AddWindow(int station, double centre, double halfWidth, double kiloHertzPerCm2, DepositList deposits)
    {
        double half = halfWidth + Margin;
        double mean = MeanClusters(_detector.Readout, kiloHertzPerCm2) * half / _detector.Readout.RoadHalfWidth;
        int first = _firstPlane[station];
        int planes = _firstPlane[station + 1] - first;
        double alone = mean;
        double correlated = _options.CorrelatedFraction ?? _detector.Readout.CorrelatedBackground;
        if (planes > 1 && correlated > 0)
        {
            // Particles begin at any plane from so far before the station that every plane sees the same rate. Of the m n
            // crossings of the n + m - 1 starts, two are single; they count as such, so the rate is raised by m n/(m n - 2).
            double span = _options.CorrelatedPlanes;
            double fraction = Math.Min(1, correlated * planes * span / ((planes * span) - 2));
            alone = mean * (1 - fraction);
            double perStart = mean * fraction / span;
            GenerateCorrelated(station, planes, perStart, centre, half, deposits);
        }

        for (int p = 0; p < planes; p++)
        {
            for (double left = alone; (left -= _draws.NextExponential()) > 0;)
            {
                double y = centre + (half * ((2 * _draws.NextUniform()) - 1));
                double slope = _options.SlopeWidth * _draws.NextGaussian();
                AddCrossing(first + p, y, slope, Time(), _draws.NextUniform() < _options.StoppingFraction, _particle++, deposits);
            }
        }
    }

    private void GenerateCorrelated(
        int station, int planes, double perStart, double centre, double half, DepositList deposits)
    {
        int first = _firstPlane[station];
        double carryOn = 1 - (1 / (_options.CorrelatedPlanes - 1));

        // A particle of m planes may begin m - 1 planes before the station: draw m, then a start among planes + m - 1; the Poisson
        // mean below uses the largest m and thins, so that each start has the same rate.
        int longest = planes + 16;
        int starts = planes + longest - 1;
        for (double left = perStart * starts; (left -= _draws.NextExponential()) > 0;)
        {
            int start = (int)(_draws.NextUniform() * starts) - longest + 1;
            int span = 2;
            while (span < longest && _draws.NextUniform() < carryOn)
            {
                span++;
            }

            if (start + span <= 0)
            {
                continue;
            }

            double y = centre + (half * ((2 * _draws.NextUniform()) - 1));
            double slope = _options.SlopeWidth * _draws.NextGaussian();
            double time = Time();
            int from = Math.Max(start, 0);
            double z0 = _detector.Planes[first + from].Z;
            for (int p = from; p < Math.Min(start + span, planes); p++)
            {
                AddCrossing(first + p, y + (slope * (_detector.Planes[first + p].Z - z0)), slope, time, stops: false, _particle, deposits);
            }

            _particle++;
        }
    }

    private double Time() => _detector.Readout.Window * (_draws.NextUniform() - 0.5);

    private void AddCrossing(int plane, double y, double slope, double time, bool stops, int particle, DepositList deposits)
    {
        double half = _detector.Planes[plane].GapThickness / 2;
        double energy = _options.MedianEnergy * Math.Exp(_options.EnergySpread * _draws.NextGaussian());
        double from = -half;
        double to = half;
        if (stops)
        {
            double reach = half * ((2 * _draws.NextUniform()) - 1);
            bool fromBehind = _draws.NextUniform() < 0.5;
            from = fromBehind ? half : -half;
            to = reach;
        }

        deposits.Add(plane, DepositSource.Background, particle, y + (slope * from), y + (slope * to), from, to, energy, time);
    }
}

/// <summary>Background of a readout window. Every default is our choice.</summary>
internal sealed record BackgroundOptions
{
    /// <summary>Fluxes in kHz/cm2; an event draws one of them with equal chance, so more than one is a mixture.</summary>
    [MinLength(1)]
    [Range(0, 1e4)]
    public IReadOnlyList<double> KHzPerCm2 { get; init; } = [5];
    /// <summary>Fraction of a plane's clusters whose particle crosses two or more planes of the station; null for the
    /// detector's.</summary>
    [Range(0, 1)]
    public double? CorrelatedFraction { get; init; }
    /// <summary>Mean number of planes that such a particle could cross (2, 3, ... with a geometric law), at least 2.</summary>
    [Range(2, 255)]
    public double CorrelatedPlanes { get; init; } = 3;
    /// <summary>Standard deviation of a particle's slope dy/dz.</summary>
    [Range(0, 10)]
    public double SlopeWidth { get; init; } = 0.3;
    /// <summary>Fraction of particles that stop in the gap, at a uniform depth.</summary>
    [Range(0, 1)]
    public double StoppingFraction { get; init; } = 0.5;
    /// <summary>Median deposit in a gap, keV; deposits are log-normal.</summary>
    [Range(1e-6, 1e6)]
    public double MedianEnergy { get; init; } = 1.0;
    /// <summary>Standard deviation of the deposit's natural logarithm.</summary>
    [Range(0, 10)]
    public double EnergySpread { get; init; } = 0.8;
}
