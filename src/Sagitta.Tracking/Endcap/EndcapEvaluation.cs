namespace Sagitta.Tracking.Endcap;

/// <summary>
/// How well a method finds and measures the muons of a sample. A track is a muon's where more than half of its planes hold the muon's
/// clusters and more than half of the planes that the muon fired are in it (double majority); a cluster is a muon's where at least half of
/// its hits are. A track of no muon is a fake, a second one of a muon a clone.
/// </summary>
/// <param name="events">Events with truth.</param>
/// <param name="limit">The bound on the error of q/p of a true muon, 1/GeV.</param>
internal sealed class EndcapEvaluation(EndcapEvents events, Func<TrackState, double> limit)
{
    /// <summary>Most muons that are told apart in tables; events with more count with these.</summary>
    public const int MostMuons = 4;

    /// <summary>Borders of bins in the true momentum, GeV.</summary>
    private static readonly double[] _momenta = [5, 10, 20, 50, 100, 200];

    /// <summary>Borders of bins in the angle to the nearest other muon, mrad.</summary>
    private static readonly double[] _angles = [0, 10, 20, 40, 80, 1000];
    private readonly FoundMuons _all = new();
    private readonly FoundMuons[] _byMomentum = Bins(_momenta), _byAngle = Bins(_angles);
    private readonly EndcapPairs _pairs = new(limit);
    private readonly Tally[] _tallies = [.. Enumerable.Range(0, MostMuons + 1).Select(_ => new Tally())];
    private readonly Tally _closePairs = new();
    private int _wrongCharge;

    /// <summary>Adds the tracks of an event and tells which muon each is, -1 for a fake.</summary>
    public int[] Add(int e, IReadOnlyList<EndcapTrack> tracks)
    {
        ReadOnlySpan<TrackState> muons = events.MuonsOf(e);
        int[] owners = [.. tracks.Where(t => t.Fit.IsConverged).Select(t => OwnerOf(e, t))];
        EndcapTrack?[] found = new EndcapTrack?[muons.Length];
        Tally tally = _tallies[Math.Min(muons.Length, MostMuons)];
        int i = 0;
        foreach (EndcapTrack track in tracks.Where(t => t.Fit.IsConverged))
        {
            int owner = owners[i++];
            tally.Tracks++;
            tally.Fakes += owner < 0 ? 1 : 0;
            if (owner >= 0 && found[owner] is not null)
            {
                tally.Clones++;
            }
            else if (owner >= 0)
            {
                found[owner] = track;
                _wrongCharge += track.Fit.Track.QOverP * muons[owner].QOverP < 0 ? 1 : 0;
            }
        }

        for (int muon = 0; muon < muons.Length; muon++)
        {
            double bound = limit(muons[muon]);
            _all.Add(muons[muon], found[muon], bound);
            BinOf(_byMomentum, _momenta, 1 / Math.Abs(muons[muon].QOverP))?.Add(muons[muon], found[muon], bound);
            BinOf(_byAngle, _angles, 1000 * AngleToNearest(muons, muon))?.Add(muons[muon], found[muon], bound);
        }

        int count = found.Count(f => f is not null);
        tally.Count(muons.Length, count);
        _pairs.AddTrigger(muons.Length, tracks);
        if (events.IsClosePair[e] && muons.Length >= 2)
        {
            _closePairs.Count(2, (found[0] is null ? 0 : 1) + (found[1] is null ? 0 : 1));
            _pairs.AddMass(muons[0], muons[1], found[0], found[1]);
        }

        return owners;
    }

    /// <summary>What was found so far.</summary>
    public EndcapMetrics Result(string method)
    {
        Tally all = new();
        foreach (Tally tally in _tallies)
        {
            all.Add(tally);
        }

        EndcapBin found = _all.Bin(double.NaN, double.NaN);
        return new()
        {
            Method = method,
            Efficiency = all.Efficiency,
            FakeRate = all.FakeRate,
            CloneRate = all.CloneRate,
            CoreWidth = found.CoreWidth,
            Bias = found.Bias,
            PullWidth = found.PullWidth,
            ChargeMisidentification = _wrongCharge / (double)Math.Max(_all.Found, 1),
            Pulls = _all.PullWidths,
            ByMomentum = [.. _byMomentum.Select((bin, i) => bin.Bin(_momenta[i], _momenta[i + 1]))],
            ByAngle = [.. _byAngle.Select((bin, i) => bin.Bin(_angles[i], _angles[i + 1]))],
            Pairs = _pairs.Result(),
            ByMuons = [.. _tallies.Select((t, n) => new EndcapMuonCount(n, t.Efficiency, t.AllFound, t.FakeRate))],
            ClosePairs = new(2, _closePairs.Efficiency, _closePairs.AllFound, double.NaN),
            Muons = all.Muons,
            Tracks = all.Tracks,
        };
    }

    private static FoundMuons[] Bins(double[] borders) => [.. borders.Skip(1).Select(_ => new FoundMuons())];

    private static FoundMuons? BinOf(FoundMuons[] bins, double[] borders, double value)
    {
        int bin = Array.FindLastIndex(borders, border => value >= border);
        return bin >= 0 && bin < bins.Length ? bins[bin] : null;
    }

    // rad; infinite for a muon alone.
    private static double AngleToNearest(ReadOnlySpan<TrackState> muons, int muon)
    {
        double nearest = double.PositiveInfinity;
        for (int other = 0; other < muons.Length; other++)
        {
            nearest = other == muon ? nearest : Math.Min(nearest, EndcapPairs.Angle(muons[muon], muons[other]));
        }

        return nearest;
    }

    private int OwnerOf(int e, EndcapTrack track)
    {
        int muons = events.MuonsOf(e).Length;
        int planes = track.Hits.Count(cluster => cluster.End > cluster.First);
        int[] own = [.. Enumerable.Range(0, muons).Select(muon => track.PlanesOf(events, muon))];
        int best = -1;
        for (int muon = 0; muon < muons; muon++)
        {
            best = 2 * own[muon] > planes && 2 * own[muon] > PlanesOf(e, muon) && (best < 0 || own[muon] > own[best]) ? muon : best;
        }

        return best;
    }

    private int PlanesOf(int e, int muon)
    {
        int planes = 0;
        int last = -1;
        for (int hit = events.Offsets[e]; hit < events.Offsets[e + 1]; hit++)
        {
            if (events.Label[hit] == muon && events.Plane[hit] != last)
            {
                last = events.Plane[hit];
                planes++;
            }
        }

        return planes;
    }

    // True muons and the tracks that were found of them.
    private sealed class FoundMuons
    {
        private readonly List<double> _normalised = [];
        private readonly List<double>[] _pulls = [.. Enumerable.Range(0, TrackState.Count).Select(_ => new List<double>())];
        private int _muons;

        public int Found => _normalised.Count;

        public double[] PullWidths => [.. _pulls.Select(values => new ResidualSample(values.ToArray()).CoreWidth)];

        public void Add(in TrackState truth, EndcapTrack? track, double bound)
        {
            _muons++;
            if (track is null)
            {
                return;
            }

            Span<double> expected = stackalloc double[TrackState.Count], fitted = stackalloc double[TrackState.Count];
            truth.CopyTo(expected);
            track.Fit.Track.CopyTo(fitted);
            double sign = Math.Sign(truth.QOverP);
            _normalised.Add((fitted[^1] - expected[^1]) * sign / bound);
            for (int k = 0; k < _pulls.Length; k++)
            {
                double pull = (fitted[k] - expected[k]) / track.Fit.Error(k);
                _pulls[k].Add(k == _pulls.Length - 1 ? pull * sign : pull);
            }
        }

        public EndcapBin Bin(double low, double high)
        {
            ResidualSample normalised = new(_normalised.ToArray());
            return new(low, high, _muons, _muons == 0 ? double.NaN : Found / (double)_muons, normalised.CoreWidth, normalised.Median,
                PullWidths[^1]);
        }
    }

    private sealed class Tally
    {
        private int _events, _found, _allFound;

        public int Muons { get; private set; }
        public int Tracks { get; set; }
        public int Fakes { get; set; }
        public int Clones { get; set; }
        public double Efficiency => Share(_found, Muons);
        public double AllFound => Share(_allFound, _events);
        public double FakeRate => Share(Fakes, Tracks);
        public double CloneRate => Share(Clones, Tracks);

        public void Count(int muons, int found)
        {
            _events++;
            Muons += muons;
            _found += found;
            _allFound += found == muons ? 1 : 0;
        }

        public void Add(Tally other)
        {
            (_events, _found, _allFound) = (_events + other._events, _found + other._found, _allFound + other._allFound);
            (Muons, Tracks, Fakes, Clones) = (Muons + other.Muons, Tracks + other.Tracks, Fakes + other.Fakes, Clones + other.Clones);
        }

        private static double Share(int part, int whole) => whole == 0 ? double.NaN : part / (double)whole;
    }
}

/// <summary>How well one method does.</summary>
internal sealed record EndcapMetrics
{
    public required string Method { get; init; }

    /// <summary>Muons found, of all.</summary>
    public required double Efficiency { get; init; }

    /// <summary>Tracks that are no muon's, of all tracks.</summary>
    public required double FakeRate { get; init; }

    /// <summary>Second tracks of a muon, of all tracks.</summary>
    public required double CloneRate { get; init; }

    /// <summary>Half of the 16-84 % span of (q/p - truth) / limit.</summary>
    public required double CoreWidth { get; init; }

    /// <summary>Median of the same, with the sign of the charge.</summary>
    public required double Bias { get; init; }

    /// <summary>Half of the 16-84 % span of (q/p - truth) / error.</summary>
    public required double PullWidth { get; init; }

    /// <summary>Found muons with the wrong charge.</summary>
    public required double ChargeMisidentification { get; init; }

    /// <summary>The same by number of true muons, from 0.</summary>
    public required IReadOnlyList<EndcapMuonCount> ByMuons { get; init; }

    /// <summary>Half of the 16-84 % span of (value - truth) / error of x, y, tx, ty, q/p.</summary>
    public required IReadOnlyList<double> Pulls { get; init; }

    /// <summary>By true momentum, GeV.</summary>
    public required IReadOnlyList<EndcapBin> ByMomentum { get; init; }

    /// <summary>By the angle to the nearest other muon of the event, mrad.</summary>
    public required IReadOnlyList<EndcapBin> ByAngle { get; init; }

    /// <summary>Pairs of muons.</summary>
    public required EndcapPairMetrics Pairs { get; init; }

    /// <summary>The two muons that were made close to each other.</summary>
    public required EndcapMuonCount ClosePairs { get; init; }

    public required int Muons { get; init; }

    public required int Tracks { get; init; }
}

/// <summary>True muons of a range.</summary>
/// <param name="Low">Where it begins.</param>
/// <param name="High">Where it ends.</param>
/// <param name="Muons">How many there are.</param>
/// <param name="Efficiency">How many of them were found.</param>
/// <param name="CoreWidth">Half of the 16-84 % span of (q/p - truth) / limit.</param>
/// <param name="Bias">Median of the same, with the sign of the charge.</param>
/// <param name="PullWidth">Half of the 16-84 % span of (q/p - truth) / error.</param>
internal readonly record struct EndcapBin(double Low, double High, int Muons, double Efficiency, double CoreWidth, double Bias,
    double PullWidth);

/// <summary>Events of one number of muons.</summary>
/// <param name="Muons">The number.</param>
/// <param name="Efficiency">Muons found.</param>
/// <param name="AllFound">Events of which all muons were found.</param>
/// <param name="FakeRate">Tracks that are no muon's.</param>
internal readonly record struct EndcapMuonCount(int Muons, double Efficiency, double AllFound, double FakeRate);
