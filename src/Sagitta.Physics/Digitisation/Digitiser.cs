using System.ComponentModel.DataAnnotations;

namespace Sagitta.Physics.Digitisation;

/// <summary>Makes strip hits of deposits: the one path for simulated, imported and background deposits. All it draws is named by the
/// event's key; besides deposits it looks at the muon only to place the road and to label hits. Holds reused memory: one a
/// thread.</summary>
internal sealed class Digitiser
{
    /// <summary>Charge of electrons counts as the muon's within this distance in y of its crossing of the gap's centre, mm.</summary>
    public const double LabelDistance = 0.5;

    private readonly Detector _detector;
    private readonly DigitisationOptions _options;
    private readonly Background _background;
    private readonly Road _road;
    private readonly DriftGap[] _gaps;
    private readonly Ionisation _ionisation = new(LabelDistance);
    private readonly StripPlane _strips = new();
    private readonly DrawBuffer _draws;
    private readonly DepositList _backgroundDeposits = new();
    private readonly PlaneOrder _signalOrder;
    private readonly PlaneOrder _backgroundOrder;
    private readonly float[] _crossings;
    private readonly float[] _roadCentres;
    private float _eventTime;

    public Digitiser(Detector detector, DigitisationOptions options)
    {
        if (options.Background.KHzPerCm2.Count == 0)
        {
            throw new ArgumentException("Give at least one background flux; 0 is one.", nameof(options));
        }

        _detector = detector;
        _options = options;
        _draws = new(detector.Readout.GainShape);
        _background = new(detector, options.Background);
        _road = new(detector);
        _gaps = [.. detector.Planes.Select(plane => new DriftGap(plane, detector.GasOf(plane)))];
        _signalOrder = new(detector.Planes.Count);
        _backgroundOrder = new(detector.Planes.Count);
        _crossings = new float[detector.Planes.Count];
        _roadCentres = new float[detector.StationCount];
    }

    /// <summary>Digitises one event of a set of deposits before the event shift, with the run's key, and adds it to events.</summary>
    public void Digitise(DepositSet set, int index, RandomKey root, EventSetBuilder events)
    {
        RandomKey key = root.Split((ulong)set.Number(index));
        MuonTruth truth = set.Truth(index);
        RandomDraws shiftDraws = key.Split("shift").Draws();
        double shift = _options.EventShift * shiftDraws.NextUniform(-1, 1);
        ReadOnlySpan<float> unshifted = set.Crossings(index);
        for (int p = 0; p < unshifted.Length; p++)
        {
            _crossings[p] = (float)(unshifted[p] + shift);
        }

        _road.Place(truth, shift, _crossings, key.Split("road"), _roadCentres);
        double flux = 0;
        _draws.Restart(key.Split("digitiser"));
        if (_options.Smear > 0)
        {
            SmearCrossings(events);
        }
        else
        {
            RandomKey backgroundKey = key.Split("background");
            RandomDraws fluxDraws = backgroundKey.Split("flux").Draws();
            flux = _options.Background.KHzPerCm2[fluxDraws.NextIndex(_options.Background.KHzPerCm2.Count)];
            _backgroundDeposits.Clear();
            _background.Generate(flux, _roadCentres, backgroundKey, _backgroundDeposits);
            RandomDraws timeDraws = key.Split("event-time").Draws();
            _eventTime = (float)(_detector.Readout.BunchTime.Draw(ref timeDraws) + _detector.Readout.TriggerTime.Draw(ref timeDraws));
            FireStrips(set.Deposits, set.Offset(index), set.Offset(index + 1), shift, key.Split("strip-phase"), events);
        }

        events.EndEvent(set.Number(index), truth.Present, truth.Present ? truth.QOverPt : 0, truth.Present ? truth.Y0 + shift : 0,
            truth.Present ? truth.Sine : 0, flux, _roadCentres, _crossings);
    }

    private void FireStrips(DepositList deposits, int begin, int end, double shift, RandomKey phaseKey, EventSetBuilder events)
    {
        _signalOrder.Sort(deposits, begin, end);
        _backgroundOrder.Sort(_backgroundDeposits, 0, _backgroundDeposits.Count);
        for (int p = 0; p < _detector.Planes.Count; p++)
        {
            Plane plane = _detector.Planes[p];
            RandomKey planeKey = phaseKey.Split((ulong)p);
            RandomDraws phase = planeKey.Draws();
            double strips = plane.StripPhase(phase.NextUniform());
            _strips.Begin(plane.StripPitch, strips, _roadCentres[plane.Station] - plane.ShiftY, _detector.Readout.RoadHalfWidth);
            bool seen = phase.NextUniform() < plane.Efficiency;
            if (seen)
            {
                Drift(deposits, _signalOrder.In(p), p, (float)(shift - plane.ShiftY));
            }

            Drift(_backgroundDeposits, _backgroundOrder.In(p), p, (float)-plane.ShiftY);
            _strips.Read(p, _detector.Readout, planeKey.Split("dead"), _draws, events);
        }
    }

    private void Drift(DepositList deposits, ReadOnlySpan<int> inPlane, int plane, float shift)
    {
        float efficiency = (float)_detector.Planes[plane].Efficiency;
        foreach (int i in inPlane)
        {
            var source = (DepositSource)deposits.Source[i];
            if (source == DepositSource.Background && _draws.NextUniform() >= efficiency)
            {
                continue;
            }

            float time = deposits.Time[i] + (source == DepositSource.Background ? 0 : _eventTime);
            float crossing = source switch
            {
                DepositSource.Muon => float.PositiveInfinity,
                DepositSource.Electron => _crossings[plane] - (float)_detector.Planes[plane].ShiftY,
                _ => float.NaN,
            };
            _ionisation.Deposit(_gaps[plane], deposits.YIn[i] + shift, deposits.YOut[i] + shift, deposits.DepthIn[i], deposits.DepthOut[i],
                deposits.Energy[i], time, crossing, _draws, _strips);
        }
    }

    private void SmearCrossings(EventSetBuilder events)
    {
        for (int p = 0; p < _crossings.Length; p++)
        {
            Plane plane = _detector.Planes[p];
            double y = _crossings[p] + (_options.Smear * _draws.NextGaussian());
            if (Math.Abs(y - _roadCentres[plane.Station]) <= _detector.Readout.RoadHalfWidth)
            {
                events.AddHit(p, y - plane.ShiftY, 1, (float)(_detector.Readout.Window / 2), label: true);
            }
        }
    }
}

/// <summary>What is added to deposits and how they are read; detector properties are in the detector file.</summary>
internal sealed record DigitisationOptions
{
    /// <summary>Background within the road.</summary>
    public BackgroundOptions Background { get; init; } = new();
    /// <summary>The whole event moves in y by a uniform draw of up to this much to either side, mm.</summary>
    [Range(0, 1e5)]
    public double EventShift { get; init; } = 100;
    /// <summary>If above 0, no digitiser and no background: each crossing of the muon is one hit of charge 1 with this Gaussian error,
    /// mm.</summary>
    [Range(0, 1e4)]
    public double Smear { get; init; }
}

/// <summary>Places the road of each station: where a coarse trigger chamber at the station's last plane says that the muon crossed its
/// middle one, by a position and a slope with their errors; or, where the detector states no error of a slope, the muon's y there plus one
/// Gaussian error. An event of background alone has the road of a muon drawn like all others but not there, so that the road says nothing
/// of its presence.</summary>
internal sealed class Road(Detector detector)
{
    private readonly int[] _middle = [.. Enumerable.Range(0, detector.StationCount).Select(detector.MiddlePlane)];
    private readonly int[] _first = [.. Enumerable.Range(0, detector.StationCount).Select(
        station => detector.Planes.TakeWhile(plane => plane.Station < station).Count())];
    private readonly int[] _last = [.. Enumerable.Range(0, detector.StationCount).Select(
        station => detector.Planes.Count(plane => plane.Station <= station) - 1)];

    /// <summary>Writes one centre a station, mm; <paramref name="crossings"/> are shifted already.</summary>
    public void Place(MuonTruth truth, double shift, ReadOnlySpan<float> crossings, RandomKey key, Span<float> centres)
    {
        RandomDraws draws = key.Draws();
        for (int station = 0; station < centres.Length; station++)
        {
            double error = detector.Readout.RoadResolution * draws.NextGaussian();
            if (!(detector.Readout.RoadSlopeResolution > 0))
            {
                centres[station] = (float)(Crossing(_middle[station], truth, shift, crossings) + error);
                continue;
            }

            int last = _last[station];
            double back = Crossing(last, truth, shift, crossings);
            double length = detector.Planes[last].Z - detector.Planes[_first[station]].Z;
            double slope = length > 0 ? (back - Crossing(_first[station], truth, shift, crossings)) / length : 0;
            slope += detector.Readout.RoadSlopeResolution * draws.NextGaussian();
            centres[station] = (float)(back + error - (slope * (detector.Planes[last].Z - detector.Planes[_middle[station]].Z)));
        }
    }

    // Where the muon did not get: where it would have been without material; else straight ahead.
    private double Crossing(int plane, MuonTruth truth, double shift, ReadOnlySpan<float> crossings)
    {
        double y = crossings[plane];
        y = double.IsNaN(y) ? truth.Circle(detector.FieldTesla).At(detector.Planes[plane].Z) + shift : y;
        return double.IsNaN(y) ? truth.Y0 + shift : y;
    }
}

/// <summary>Digitises whole sets of deposits.</summary>
internal static class DepositDigitisation
{
    /// <summary>Digitises the events of a set. An event depends on seed and its number alone, whichever others are in the set and however
    /// many threads there are.</summary>
    public static EventSet Digitise(Detector detector, DepositSet deposits, DigitisationOptions options, ulong seed,
        string source = "geant4", WorkerThreads? workers = null, Range? part = null)
    {
        (int begin, int count) = (part ?? Range.All).GetOffsetAndLength(deposits.Count);
        RandomKey root = RandomKey.FromSeed(seed);
        Digitiser[] digitisers = [.. Enumerable.Range(0, workers?.Count ?? 1).Select(_ => new Digitiser(detector, options))];
        EventSetBuilder[] pieces = [.. Enumerable.Range(0, workers is null ? 1 : digitisers.Length * 4)
            .Select(_ => new EventSetBuilder(detector.Planes.Count, detector.StationCount))];
        void Work(int piece, int worker)
        {
            int end = begin + (int)((piece + 1L) * count / pieces.Length);
            for (int i = begin + (int)((long)piece * count / pieces.Length); i < end; i++)
            {
                digitisers[worker].Digitise(deposits, i, root, pieces[piece]);
            }
        }

        if (workers is null)
        {
            Work(0, 0);
        }
        else
        {
            workers.Run(pieces.Length, Work);
        }

        foreach (EventSetBuilder piece in pieces.AsSpan(1))
        {
            pieces[0].Append(piece);
        }

        return pieces[0].Build(detector, source, FluxOf(options), options.Smear);
    }

    internal static double FluxOf(DigitisationOptions options) =>
        options.Smear > 0 ? 0 : options.Background.KHzPerCm2.Count == 1 ? options.Background.KHzPerCm2[0] : double.NaN;
}
