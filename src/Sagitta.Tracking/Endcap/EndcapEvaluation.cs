namespace Sagitta.Tracking.Endcap;

/// <summary>
/// How well a method finds and measures the muons of a sample. A track is a muon's where more than half of its planes hold the muon's
/// clusters and more than half of the planes that the muon fired are in it (double majority); a cluster is a muon's where at least half of
/// its hits are. A track of no muon is a fake, a second one of a muon a clone.
/// </summary>
/// <param name="events">Events with truth.</param>
/// <param name="limit">The bound on the error of q/p of a true muon, 1/GeV.</param>
internal sealed class EndcapEvaluation(EndcapEvents events, Func<EndcapTruth, double> limit)
{
    /// <summary>Most muons that are told apart in tables; events with more count with these.</summary>
    public const int MostMuons = 4;
    private readonly List<double> _normalised = [];
    private readonly List<double> _pulls = [];
    private readonly Tally[] _tallies = [.. Enumerable.Range(0, MostMuons + 1).Select(_ => new Tally())];
    private readonly Tally _closePairs = new();
    private int _wrongCharge;

    /// <summary>Adds the tracks of an event and tells which muon each is, -1 for a fake.</summary>
    public int[] Add(int e, IReadOnlyList<EndcapTrack> tracks)
    {
        ReadOnlySpan<EndcapTruth> muons = events.MuonsOf(e);
        int[] owners = [.. tracks.Where(t => t.Fit.IsConverged).Select(t => OwnerOf(e, t))];
        bool[] found = new bool[muons.Length];
        Tally tally = _tallies[Math.Min(muons.Length, MostMuons)];
        int i = 0;
        foreach (EndcapTrack track in tracks.Where(t => t.Fit.IsConverged))
        {
            int owner = owners[i++];
            tally.Tracks++;
            tally.Fakes += owner < 0 ? 1 : 0;
            if (owner >= 0 && found[owner])
            {
                tally.Clones++;
            }
            else if (owner >= 0)
            {
                found[owner] = true;
                double truth = muons[owner].QOverP, residual = track.Fit.Track.QOverP - truth;
                _normalised.Add(residual * Math.Sign(truth) / limit(muons[owner]));
                _pulls.Add(residual * Math.Sign(truth) / track.Fit.QOverPError);
                _wrongCharge += track.Fit.Track.QOverP * truth < 0 ? 1 : 0;
            }
        }

        int count = found.Count(f => f);
        tally.Count(muons.Length, count);
        if (events.IsClosePair[e] && muons.Length >= 2)
        {
            _closePairs.Count(2, (found[0] ? 1 : 0) + (found[1] ? 1 : 0));
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

        ResidualSample normalised = new(_normalised.ToArray()), pulls = new(_pulls.ToArray());
        return new()
        {
            Method = method,
            Efficiency = all.Efficiency,
            FakeRate = all.FakeRate,
            CloneRate = all.CloneRate,
            CoreWidth = normalised.CoreWidth,
            Bias = normalised.Median,
            PullWidth = pulls.CoreWidth,
            ChargeMisidentification = _wrongCharge / (double)Math.Max(_pulls.Count, 1),
            ByMuons = [.. _tallies.Select((t, n) => new EndcapMuonCount(n, t.Efficiency, t.AllFound, t.FakeRate))],
            ClosePairs = new(2, _closePairs.Efficiency, _closePairs.AllFound, double.NaN),
            Muons = all.Muons,
            Tracks = all.Tracks,
        };
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

    /// <summary>The two muons that were made close to each other.</summary>
    public required EndcapMuonCount ClosePairs { get; init; }

    public required int Muons { get; init; }

    public required int Tracks { get; init; }
}

/// <summary>Events of one number of muons.</summary>
/// <param name="Muons">The number.</param>
/// <param name="Efficiency">Muons found.</param>
/// <param name="AllFound">Events of which all muons were found.</param>
/// <param name="FakeRate">Tracks that are no muon's.</param>
internal readonly record struct EndcapMuonCount(int Muons, double Efficiency, double AllFound, double FakeRate);
