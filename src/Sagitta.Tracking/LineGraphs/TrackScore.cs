namespace Sagitta.Tracking.LineGraphs;

/// <summary>How well the tracks of a frame match its events (arXiv:2407.13420; counts, so that frames can be added up).</summary>
internal sealed record TrackScore
{
    /// <summary>Tracks whose hits were all made by beam particles.</summary>
    public required int Candidates { get; init; }

    /// <summary>Candidates whose hits all belong to one event, and to a large enough share of its beam particle's hits.</summary>
    public required int Correct { get; init; }

    /// <summary>Events all of whose hits in the frame were made by the beam particle.</summary>
    public required int PrimaryEvents { get; init; }

    /// <summary>Beam particles with at least five hits in the frame.</summary>
    public required int Findable { get; init; }

    /// <summary>Findable beam particles with at least one correct track.</summary>
    public required int Found { get; init; }

    /// <summary>Share of candidates that are correct; 0 without candidates.</summary>
    public double Purity => Candidates == 0 ? 0 : (double)Correct / Candidates;

    /// <summary>Share of findable beam particles that were found; 0 without any.</summary>
    public double Efficiency => Findable == 0 ? 0 : (double)Found / Findable;

    /// <summary>Correct candidates over all-primary events, as the published code divides; can exceed 1.</summary>
    public double EfficiencyReference => PrimaryEvents == 0 ? 0 : (double)Correct / PrimaryEvents;

    /// <summary>Scores tracks against the truth.</summary>
    /// <param name="frame">The hits.</param>
    /// <param name="tracks">The tracks.</param>
    /// <param name="completeness">Share of its particle's hits that a correct track holds at least; 0: fragments count.</param>
    public static TrackScore Of(CalorimeterFrame frame, IReadOnlyList<SegmentTrack> tracks, double completeness = 0)
    {
        int candidates = 0;
        int correct = 0;
        Dictionary<long, (int Primary, bool Pure)> events = [];
        for (int hit = 0; hit < frame.Count; hit++)
        {
            (int primary, bool pure) = events.GetValueOrDefault(frame.TruthEvent[hit], (0, true));
            bool own = frame.TruthPrimary[hit];
            events[frame.TruthEvent[hit]] = (primary + (own ? 1 : 0), pure && own);
        }

        HashSet<long> found = [];
        foreach (SegmentTrack track in tracks)
        {
            bool primary = true;
            bool same = true;
            long number = frame.TruthEvent[track.Hits[0]];
            foreach (int hit in track.Hits)
            {
                primary &= frame.TruthPrimary[hit];
                same &= frame.TruthEvent[hit] == number;
            }

            candidates += primary ? 1 : 0;
            if (primary && same && track.Hits.Length >= completeness * events[number].Primary)
            {
                correct++;
                if (events[number].Primary >= 5)
                {
                    found.Add(number);
                }
            }
        }

        return new()
        {
            Candidates = candidates,
            Correct = correct,
            PrimaryEvents = events.Values.Count(e => e.Pure),
            Findable = events.Values.Count(e => e.Primary >= 5),
            Found = found.Count,
        };
    }
}

/// <summary>
/// How wrong the ranges of a frame's tracks are by wrong hits: each track that begins with a beam particle's hit in the first layer,
/// against the fit to all hits of that particle. A right and complete track has no error. Sums, so that frames can be added up.
/// </summary>
/// <param name="Tracks">Number of such tracks.</param>
/// <param name="AbsoluteError">Sum of absolute errors, mm of water, each at most <see cref="LargestError"/>, which a failed fit counts
/// too.</param>
internal readonly record struct RangeScore(int Tracks, double AbsoluteError)
{
    /// <summary>No error counts as more, mm of water.</summary>
    public const double LargestError = 50;

    /// <summary>Compares the ranges of tracks with the truth.</summary>
    public static RangeScore Of(CalorimeterFrame frame, IReadOnlyList<SegmentTrack> tracks, TrackRanges ranges)
    {
        Dictionary<long, double> truth = RangeLossProblem.TrueRanges(frame, ranges);
        RangeEstimate[] fitted = ranges.Fit(frame, tracks);
        int count = 0;
        double sum = 0;
        for (int t = 0; t < tracks.Count; t++)
        {
            int first = tracks[t].Hits[0];
            if (frame.Layer[first] == 0 && frame.TruthPrimary[first] && truth.TryGetValue(frame.TruthEvent[first], out double range))
            {
                count++;
                sum += fitted[t].Status == SolveStatus.Converged ? Math.Min(Math.Abs(fitted[t].Range - range), LargestError) : LargestError;
            }
        }

        return new(count, sum);
    }
}
