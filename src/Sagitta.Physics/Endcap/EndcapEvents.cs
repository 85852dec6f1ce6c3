namespace Sagitta.Physics.Endcap;

/// <summary>
/// Strip hits of events laid end to end, ordered by plane and then by u, with what is known of their muons. Events of users have no truth:
/// no muons and labels of -1.
/// </summary>
internal sealed record EndcapEvents
{
    /// <summary>Label of a hit that is no muon's.</summary>
    public const short NoMuon = -1;

    /// <summary>Events + 1 borders of the hits.</summary>
    public required int[] Offsets { get; init; }
    /// <summary>Number of each event.</summary>
    public required long[] Number { get; init; }
    /// <summary>Plane of each hit.</summary>
    public required byte[] Plane { get; init; }
    /// <summary>u = y cos a + x sin a of the strip's centre, mm, a being the stereo angle of the plane.</summary>
    public required float[] U { get; init; }
    /// <summary>Charge, primary electrons.</summary>
    public required float[] Charge { get; init; }
    /// <summary>Time, ns.</summary>
    public required float[] Time { get; init; }
    /// <summary>The muon of its event that made each hit, or <see cref="NoMuon"/>.</summary>
    public required short[] Label { get; init; }
    /// <summary>Events + 1 borders of the muons.</summary>
    public required int[] MuonOffsets { get; init; }
    /// <summary>The true muons at the reference plane.</summary>
    public required TrackState[] Muons { get; init; }
    /// <summary>Muons x planes: u where each muon crossed the centre of each gap, mm; NaN where it did not.</summary>
    public required float[] Crossings { get; init; }
    /// <summary>Whether the second muon of each event was made close to the first.</summary>
    public required bool[] IsClosePair { get; init; }

    /// <summary>Number of events.</summary>
    public int Count => Number.Length;

    /// <summary>Whether anything is known of the muons.</summary>
    public bool HasTruth { get; init; } = true;

    /// <summary>Hits of the file that were copies of others, and are left out.</summary>
    public int Copies { get; init; }

    /// <summary>What was taken for what the file does not tell, to be shown.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Planes of the detector, as the crossings tell; 0 without muons.</summary>
    public int Planes => Muons.Length == 0 ? 0 : Crossings.Length / Muons.Length;

    /// <summary>Whether a hit is the one before it once more: the same plane, place, charge and time.</summary>
    public bool IsCopy(int hit) => Plane[hit] == Plane[hit - 1] && U[hit] == U[hit - 1] && Charge[hit] == Charge[hit - 1]
        && Time[hit] == Time[hit - 1];

    public Range HitsOf(int e) => Offsets[e]..Offsets[e + 1];

    public ReadOnlySpan<TrackState> MuonsOf(int e) => Muons.AsSpan(MuonOffsets[e]..MuonOffsets[e + 1]);

    public ReadOnlySpan<float> CrossingsOf(int e, int muon) => Crossings.AsSpan((MuonOffsets[e] + muon) * Planes, Planes);

    /// <summary>Events after events.</summary>
    public static EndcapEvents Joined(IReadOnlyList<EndcapEvents> parts)
    {
        int[] Borders(Func<EndcapEvents, int[]> own)
        {
            List<int> all = [0];
            foreach (EndcapEvents part in parts)
            {
                int first = all[^1];
                all.AddRange(own(part).Skip(1).Select(border => first + border));
            }

            return [.. all];
        }

        return parts[0] with
        {
            Offsets = Borders(p => p.Offsets),
            Number = [.. parts.SelectMany(p => p.Number)],
            Plane = [.. parts.SelectMany(p => p.Plane)],
            U = [.. parts.SelectMany(p => p.U)],
            Charge = [.. parts.SelectMany(p => p.Charge)],
            Time = [.. parts.SelectMany(p => p.Time)],
            Label = [.. parts.SelectMany(p => p.Label)],
            MuonOffsets = Borders(p => p.MuonOffsets),
            Muons = [.. parts.SelectMany(p => p.Muons)],
            Crossings = [.. parts.SelectMany(p => p.Crossings)],
            IsClosePair = [.. parts.SelectMany(p => p.IsClosePair)],
        };
    }

    /// <summary>The events of a range alone, copied unless they are all.</summary>
    public EndcapEvents Slice(Range range) =>
        range.GetOffsetAndLength(Count) is var (first, count) && count < Count ? Slice(first, count) : this;

    /// <summary>The same of so many from the first on.</summary>
    public EndcapEvents Slice(int first, int count)
    {
        (Range hits, Range muons) = (Offsets[first]..Offsets[first + count], MuonOffsets[first]..MuonOffsets[first + count]);
        int planes = Planes;
        return this with
        {
            Offsets = [.. Offsets.AsSpan(first, count + 1).ToArray().Select(o => o - Offsets[first])],
            Number = Number[first..(first + count)],
            Plane = Plane[hits],
            U = U[hits],
            Charge = Charge[hits],
            Time = Time[hits],
            Label = Label[hits],
            MuonOffsets = [.. MuonOffsets.AsSpan(first, count + 1).ToArray().Select(o => o - MuonOffsets[first])],
            Muons = Muons[muons],
            Crossings = Crossings[(muons.Start.Value * planes)..(muons.End.Value * planes)],
            IsClosePair = IsClosePair[first..(first + count)],
        };
    }
}
