namespace Sagitta.Physics.Endcap;

/// <summary>
/// Makes strip hits of events with several muons, with the gap, gain, strips and background of all planes (see <see cref="Digitiser"/>).
/// What is read out is bounded by a trigger: a road for each muon at each station, about its true place with the resolution of a coarse
/// measurement; roads that overlap are one. An event without a muon has the road of a muon that is not there. Holds reused memory: one a
/// thread.
/// </summary>
internal sealed class EndcapDigitiser
{
    // Trigger chambers know x to this, mm: 2.6 mm of u at a stereo angle of 1.5 degrees.
    private const double AcrossResolution = 100;
    private const double PerMetre = 1000;
    private readonly EndcapGeometry _geometry;
    private readonly DigitisationOptions _options;
    private readonly Background _background;
    private readonly DriftGap[] _gaps;
    private readonly Ionisation _ionisation = new(Digitiser.LabelDistance);
    private readonly StripPlane _strips = new();
    private readonly DrawBuffer _draws;
    private readonly DepositList _backgroundDeposits = new();
    private readonly PlaneOrder _signalOrder;
    private readonly PlaneOrder _backgroundOrder;
    private readonly List<Road>[] _roads;
    private readonly List<bool> _seen = [];
    private readonly List<(int End, float X)> _groups = [];
    private readonly List<(double Low, double High)> _windows = [];

    public EndcapDigitiser(EndcapGeometry geometry, DigitisationOptions options)
    {
        (_geometry, _options) = (geometry, options);
        _draws = new(geometry.Strips.Readout.GainShape);
        _background = new(geometry.Strips, options.Background);
        _gaps = [.. geometry.Strips.Planes.Select(plane => new DriftGap(plane, geometry.Strips.GasOf(plane)))];
        _signalOrder = new(_gaps.Length);
        _backgroundOrder = new(_gaps.Length);
        _roads = [.. geometry.Stations.Select(_ => new List<Road>())];
    }

    /// <summary>Digitises all events of a set. An event depends on seed and its number alone.</summary>
    public static EndcapEvents Digitise(EndcapGeometry geometry, EndcapDeposits deposits, DigitisationOptions options, ulong seed)
    {
        EndcapDigitiser digitiser = new(geometry, options);
        RandomKey root = RandomKey.FromSeed(seed);
        EventSetBuilder hits = new(0, 0);
        for (int i = 0; i < deposits.Count; i++)
        {
            digitiser.Digitise(deposits, i, root, hits);
        }

        EventColumns columns = hits.Columns;
        EndcapEvents events = new()
        {
            Offsets = [0, .. columns.Ends],
            Number = [.. deposits.Numbers],
            Plane = columns.Plane.ToArray(),
            U = WithOffsets(geometry, columns),
            Charge = columns.Charge.ToArray(),
            Time = columns.Time.ToArray(),
            Label = new short[hits.HitCount],
            MuonOffsets = [0, .. Enumerable.Range(0, deposits.Count).Select(i => deposits.MuonsOf(i).End)],
            Muons = [.. deposits.Muons],
            Crossings = [.. deposits.Crossings.Select((place, i) =>
                (float)geometry.Detector.Planes[i % deposits.Planes].Measured(place.X, place.Y))],
            IsClosePair = [.. deposits.ClosePairs],
        };
        Label(events, columns.Label);
        return events;
    }

    private static float[] WithOffsets(EndcapGeometry geometry, in EventColumns columns)
    {
        float[] u = columns.Y.ToArray();
        for (int hit = 0; hit < u.Length; hit++)
        {
            u[hit] += (float)geometry.Planes[columns.Plane[hit]].Offset;
        }

        return u;
    }

    // Charge is mostly muons' or not; whose it is, the nearest crossing tells.
    private static void Label(EndcapEvents events, ReadOnlySpan<byte> isSignal)
    {
        for (int e = 0; e < events.Count; e++)
        {
            int muons = events.MuonsOf(e).Length;
            for (int hit = events.Offsets[e]; hit < events.Offsets[e + 1]; hit++)
            {
                float nearest = float.PositiveInfinity;
                events.Label[hit] = EndcapEvents.NoMuon;
                for (int muon = 0; isSignal[hit] != 0 && muon < muons; muon++)
                {
                    float distance = Math.Abs(events.CrossingsOf(e, muon)[events.Plane[hit]] - events.U[hit]);
                    if (distance < nearest)
                    {
                        (nearest, events.Label[hit]) = (distance, (short)muon);
                    }
                }
            }
        }
    }

    private void Digitise(EndcapDeposits set, int index, RandomKey root, EventSetBuilder events)
    {
        RandomKey key = root.Split((ulong)set.Numbers[index]);
        PlaceRoads(set, index, key.Split("road"));
        RandomKey backgroundKey = key.Split("background");
        RandomDraws fluxDraws = backgroundKey.Split("flux").Draws();
        double flux = _options.Background.KHzPerCm2[fluxDraws.NextIndex(_options.Background.KHzPerCm2.Count)];
        AddBackground(flux, backgroundKey);
        _draws.Restart(key.Split("digitiser"));
        (int begin, int end) = set.DepositsOf(index);
        _signalOrder.Sort(set.Deposits, begin, end);
        _backgroundOrder.Sort(_backgroundDeposits, 0, _backgroundDeposits.Count);
        for (int p = 0; p < _gaps.Length; p++)
        {
            FirePlane(set, index, p, key.Split("strip-phase").Split((ulong)p), backgroundKey.Split("across"), events);
        }

        events.EndEvent(set.Numbers[index], set.MuonsOf(index).End > set.MuonsOf(index).Begin, 0, 0, 0, flux, [], []);
    }

    private void PlaceRoads(EndcapDeposits set, int index, RandomKey key)
    {
        RandomDraws draws = key.Draws();
        double error = _geometry.Strips.Readout.RoadResolution;
        (int begin, int end) = set.MuonsOf(index);
        (double ty, double tx) = (draws.NextUniform(0.2, 0.38), draws.NextUniform(-0.25, 0.25));
        foreach (EndcapStation station in _geometry.Stations)
        {
            List<Road> roads = _roads[station.Index];
            roads.Clear();
            for (int muon = begin; muon < end; muon++)
            {
                // A muon that decayed or stopped on the way has no road there.
                (float x, float y) = set.Crossings[(muon * set.Planes) + station.Planes[station.Planes.Count / 2]];
                (double dx, double dy) = (AcrossResolution * draws.NextGaussian(), error * draws.NextGaussian());
                if (!float.IsNaN(y))
                {
                    roads.Add(new(x + dx, y + dy));
                }
            }

            if (begin == end)
            {
                roads.Add(new(tx * ty * station.Z, ty * station.Z));
            }

            roads.Sort((a, b) => a.Y.CompareTo(b.Y));
        }
    }

    // Background falls on the strips of each group of roads that overlap, and beyond them as far as x can move it.
    private void AddBackground(double flux, RandomKey key)
    {
        _backgroundDeposits.Clear();
        _groups.Clear();
        _background.Begin(key);
        Readout readout = _geometry.Strips.Readout;
        double across = (PerMetre * readout.StripLength / 2) + AcrossResolution;
        foreach (EndcapStation station in _geometry.Stations)
        {
            double reach = readout.RoadHalfWidth + (across * station.Planes.Max(p => Math.Abs(_geometry.Planes[p].Sine)));
            List<Road> roads = _roads[station.Index];
            for (int i = 0; i < roads.Count;)
            {
                int first = i;
                double x = 0;
                do
                {
                    x += roads[i++].X;
                }
                while (i < roads.Count && roads[i].Y - roads[i - 1].Y < 2 * reach);
                double half = reach + ((roads[i - 1].Y - roads[first].Y) / 2);
                _background.AddWindow(station.Index, (roads[first].Y + roads[i - 1].Y) / 2, half, flux, _backgroundDeposits);
                _groups.Add((_backgroundDeposits.Count, (float)(x / (i - first))));
            }
        }
    }

    private void FirePlane(EndcapDeposits set, int index, int p, RandomKey key, RandomKey across, EventSetBuilder events)
    {
        EndcapPlane plane = _geometry.Planes[p];
        Plane strips = _geometry.Strips.Planes[p];
        Readout readout = _geometry.Strips.Readout;
        RandomDraws phase = key.Draws();
        double offset = strips.StripPhase(phase.NextUniform());
        FindWindows(plane, readout.RoadHalfWidth);
        _seen.Clear();
        (int begin, int end) = set.MuonsOf(index);
        for (int muon = 0; muon < end - begin; muon++)
        {
            _seen.Add(phase.NextUniform() < strips.Efficiency);
        }

        foreach ((double low, double high) in _windows)
        {
            _strips.Begin(strips.StripPitch, offset, (low + high) / 2, (high - low) / 2);
            foreach (int i in _signalOrder.In(p))
            {
                int muon = set.Deposits.Particle[i];
                (float x, float y) = set.Crossings[((begin + muon) * set.Planes) + p];
                if (_seen[muon])
                {
                    Drift(set.Deposits, i, p, set.Deposits.YIn[i], set.Deposits.YOut[i],
                        (DepositSource)set.Deposits.Source[i] == DepositSource.Muon ? float.PositiveInfinity : (float)plane.U(x, y));
                }
            }

            foreach (int i in _backgroundOrder.In(p))
            {
                // Each particle has an x of its own along the strips, the same in all planes.
                RandomDraws place = across.Split((ulong)_backgroundDeposits.Particle[i]).Draws();
                double x = XOfGroup(i) + (PerMetre * readout.StripLength * (place.NextUniform() - 0.5));
                Drift(_backgroundDeposits, i, p, (float)plane.U(x, _backgroundDeposits.YIn[i]),
                    (float)plane.U(x, _backgroundDeposits.YOut[i]), float.NaN);
            }

            _strips.Read(p, readout, key.Split("dead"), _draws, events);
        }
    }

    private void Drift(DepositList deposits, int i, int p, float from, float to, float crossing) => _ionisation.Deposit(_gaps[p], from, to,
        deposits.DepthIn[i], deposits.DepthOut[i], deposits.Energy[i], deposits.Time[i], crossing, _draws, _strips);

    private void FindWindows(EndcapPlane plane, double half)
    {
        _windows.Clear();
        foreach (double centre in _roads[plane.Station].Select(road => plane.U(road.X, road.Y)).Order())
        {
            if (_windows.Count > 0 && centre - half < _windows[^1].High)
            {
                _windows[^1] = (_windows[^1].Low, centre + half);
            }
            else
            {
                _windows.Add((centre - half, centre + half));
            }
        }
    }

    private double XOfGroup(int deposit)
    {
        foreach ((int end, float x) in _groups)
        {
            if (deposit < end)
            {
                return x;
            }
        }

        return 0;
    }

    private readonly record struct Road(double X, double Y);
}
