using System.Runtime.Intrinsics;
using BitOperations = System.Numerics.BitOperations;

namespace Sagitta.Tracking.Graphs;

/// <summary>
/// For every hit, the straight piece of track (tracklet) through it on which most planes of its station have a hit: a Hough
/// transform with the hit itself as one of the two parameters. The slopes about the road's are 64 cells, a bit each: a plane's hits set the
/// bits of the slopes they allow, and the planes' masks are added bit-sliced, so that the votes of all 64 slopes are counted at once, for
/// eight hits in a vector.
/// </summary>
internal sealed class TrackletSearch
{
    /// <summary>Infinities that follow the offsets of each plane.</summary>
    public const int Padding = OrderedWindow.Padding;

    private const int Together = 8;
    private const int MostPlanes = 32;

    // Strips by which two hits of a straight track may miss each other: digitisation, scattering, and the bend within a station.
    private const double ToleranceStrips = 1.5;
    private readonly Plane[] _planes;
    private readonly double[] _window;

    // For each pair of planes, own first.
    private readonly SlopeCells[] _cells;

    /// <summary>A search in the detector of some gates. Throws for stations of more than 32 planes.</summary>
    public TrackletSearch(HitGraphGates gates)
    {
        _planes = [.. gates.Detector.Planes];
        foreach (IGrouping<int, Plane> station in gates.Detector.Planes.GroupBy(plane => plane.Station))
        {
            if (station.Count() > MostPlanes)
            {
                throw new ArgumentException(
                    $"Station {station.Key} of '{gates.Detector.Name}' has {station.Count()} planes; tracklets count at most "
                        + $"{MostPlanes}: split the station, or set graph.tracklets to false.",
                    nameof(gates));
            }
        }

        _window = new double[gates.Detector.StationCount];
        for (int station = 0; station < _window.Length; station++)
        {
            _window[station] = gates.SlopeWindow(station);
        }

        _cells = new SlopeCells[_planes.Length * _planes.Length];
        for (int own = 0; own < _planes.Length; own++)
        {
            for (int other = 0; other < _planes.Length; other++)
            {
                _cells[(own * _planes.Length) + other] = Cells(gates, own, other);
            }
        }
    }

    /// <summary>What hits of one plane allow those of another in the same station; nothing for other planes.</summary>
    internal static SlopeCells Cells(HitGraphGates gates, int own, int other)
    {
        Plane its = gates.Detector.Planes[own], there = gates.Detector.Planes[other];
        if (own == other || its.Station != there.Station)
        {
            return default;
        }

        double perMillimetre = SlopeCells.Count / (2 * gates.SlopeWindow(its.Station) * (there.Z - its.Z));
        return new(perMillimetre, Math.Abs(ToleranceStrips * there.StripPitch * perMillimetre));
    }

    /// <summary>
    /// Describes the hits of one event. A hit whose station has no other plane with a fitting hit has no votes and the road's slope.
    /// </summary>
    /// <param name="planeStart">First hit of each plane, and the number of hits at the end.</param>
    /// <param name="offset">y of each hit from what the road predicts, mm; rising within a plane, and <see cref="Padding"/> times infinity
    /// after the last of each plane.</param>
    /// <param name="tracklets">One a hit.</param>
    public unsafe void Find(ReadOnlySpan<int> planeStart, ReadOnlySpan<double> offset, Span<Tracklet> tracklets)
    {
        int needed = planeStart[^1] + (_planes.Length * Padding);
        if (planeStart.Length != _planes.Length + 1 || offset.Length < needed)
        {
            throw new ArgumentException(
                $"{planeStart[^1]} hits in {_planes.Length} planes need {needed} offsets, {Padding} infinities after each plane.", nameof(
                offset));
        }

        fixed (double* places = offset)
        {
            Search(planeStart, places, tracklets);
        }
    }

    private unsafe void Search(ReadOnlySpan<int> planeStart, double* offset, Span<Tracklet> tracklets)
    {
        Span<int> begin = stackalloc int[MostPlanes];
        int first = 0;
        while (first < _planes.Length)
        {
            int end = first + 1;
            while (end < _planes.Length && _planes[end].Station == _planes[first].Station)
            {
                end++;
            }

            for (int plane = first; plane < end; plane++)
            {
                for (int other = first; other < end; other++)
                {
                    begin[other - first] = planeStart[other] + (other * Padding);
                }

                for (int hit = planeStart[plane]; hit < planeStart[plane + 1]; hit += Together)
                {
                    Through(hit, plane, first, end, planeStart, offset, begin, tracklets);
                }
            }

            first = end;
        }
    }

    // The tracklets through a few neighbouring hits of a plane.
    private unsafe void Through(int hit, int plane, int first, int end, ReadOnlySpan<int> planeStart, double* offset, Span<int> begin,
        Span<Tracklet> tracklets)
    {
        int count = Math.Min(Together, planeStart[plane + 1] - hit);
        double* own = offset + hit + (plane * Padding);
        double lowest = own[0];
        double highest = own[count - 1];

        // Behind the plane's last hit are infinities, which allow no slope.
        Vector512<double> place = Vector512.Load(own);
        SlopeVotes votes = default;
        for (int other = first; other < end; other++)
        {
            if (other == plane)
            {
                continue;
            }

            // Offsets rise within a plane: those before the first hit's window stay before it for all later hits.
            ref readonly SlopeCells cells = ref _cells[(plane * _planes.Length) + other];
            (int there, int last) = OrderedWindow.Find(offset, begin[other - first], lowest - cells.Window, highest + cells.Window);
            begin[other - first] = there;
            Vector512<ulong> allowed = Vector512<ulong>.Zero;
            for (; there < last; there++)
            {
                allowed |= cells.Allowed(Vector512.Create(offset[there]) - place);
            }

            votes.Add(allowed);
        }

        double window = _window[_planes[plane].Station];
        (Vector512<ulong> best, Vector512<ulong> most) = votes.Best();
        for (int i = 0; i < count; i++)
        {
            tracklets[hit + i] = most[i] == 0 ? default : Of(best[i], most[i] / (float)(end - first - 1), window);
        }
    }

    // The mean of the best slopes.
    private static Tracklet Of(ulong best, float share, double window)
    {
        int cells = BitOperations.PopCount(best);
        int sum = BitOperations.PopCount(best & 0xAAAAAAAAAAAAAAAA)
            + (2 * BitOperations.PopCount(best & 0xCCCCCCCCCCCCCCCC))
            + (4 * BitOperations.PopCount(best & 0xF0F0F0F0F0F0F0F0))
            + (8 * BitOperations.PopCount(best & 0xFF00FF00FF00FF00))
            + (16 * BitOperations.PopCount(best & 0xFFFF0000FFFF0000))
            + (32 * BitOperations.PopCount(best & 0xFFFFFFFF00000000));
        double slope = (((sum / (double)cells) + 0.5) / SlopeCells.Count * 2 * window) - window;
        return new(share, (float)slope, cells / (float)SlopeCells.Count);
    }
}

/// <summary>The straight piece of track through a hit on which most planes of its station agree.</summary>
/// <param name="Share">Share of the station's other planes that have a hit on it, 0 to 1.</param>
/// <param name="Slope">Its slope less the road's.</param>
/// <param name="Ambiguity">Share of all slopes that have that many planes.</param>
internal readonly record struct Tracklet(float Share, float Slope, float Ambiguity);
