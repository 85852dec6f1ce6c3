using Sagitta.Physics.Detectors;
using BitOperations = System.Numerics.BitOperations;

namespace Sagitta.Reconstruction.Graphs;

/// <summary>
/// For every hit, the straight piece of track (tracklet) through it on which most planes of its station have a hit: a Hough
/// transform with the hit itself as one of the two parameters. The slopes about the road's are 64 cells, a bit each: a plane's hits set the bits of
/// the slopes they allow, and the planes' masks are added bit-sliced, so that the votes of all 64 slopes are counted at once.
/// </summary>
public sealed class TrackletSearch
{
    private const int Cells = 64;
    private const int MostPlanes = 32;

    // Strips by which two hits of a straight track may miss each other: digitisation, scattering, and the bend within a station.
    private const double ToleranceStrips = 1.5;
    private readonly HitGraphGates _gates;
    private readonly double[] _window;

    /// <summary>A search in the detector of some gates. Throws for stations of more than 32 planes.</summary>
    public TrackletSearch(HitGraphGates gates)
    {
        _gates = gates;
        foreach (IGrouping<int, Plane> station in gates.Detector.Planes.GroupBy(plane => plane.Station))
        {
            if (station.Count() > MostPlanes)
            {
                throw new ArgumentException(
                    $"Station {station.Key} of '{gates.Detector.Name}' has {station.Count()} planes; tracklets count at most {MostPlanes}: split the station, or set graph.tracklets to false.",
                    nameof(gates));
            }
        }

        _window = new double[gates.Detector.StationCount];
        for (int station = 0; station < _window.Length; station++)
        {
            _window[station] = gates.SlopeWindow(station);
        }
    }

    /// <summary>
    /// Describes the hits of one event. A hit whose station has no other plane with a fitting hit has no votes and the road's slope.
    /// </summary>
    /// <param name="planeStart">First hit of each plane, and the number of hits at the end.</param>
    /// <param name="offset">y of each hit from what the road predicts, mm; rising within a plane.</param>
    /// <param name="tracklets">One a hit.</param>
    public void Find(ReadOnlySpan<int> planeStart, ReadOnlySpan<double> offset, Span<Tracklet> tracklets)
    {
        IReadOnlyList<Plane> planes = _gates.Detector.Planes;
        int first = 0;
        while (first < planes.Count)
        {
            int end = first + 1;
            while (end < planes.Count && planes[end].Station == planes[first].Station)
            {
                end++;
            }

            double window = _window[planes[first].Station];
            for (int plane = first; plane < end; plane++)
            {
                for (int hit = planeStart[plane]; hit < planeStart[plane + 1]; hit++)
                {
                    tracklets[hit] = Through(hit, plane, first, end, window, planeStart, offset);
                }
            }

            first = end;
        }
    }

    private Tracklet Through(int hit, int own, int first, int end, double window, ReadOnlySpan<int> planeStart, ReadOnlySpan<double> offset)
    {
        IReadOnlyList<Plane> planes = _gates.Detector.Planes;
        ulong ones = 0, twos = 0, fours = 0, eights = 0, sixteens = 0;
        for (int plane = first; plane < end; plane++)
        {
            if (plane == own || planeStart[plane] == planeStart[plane + 1])
            {
                continue;
            }

            double deltaZ = planes[plane].Z - planes[own].Z;
            double cellsPerMillimetre = Cells / (2 * window * deltaZ);
            double reach = Math.Abs(ToleranceStrips * planes[plane].StripPitch * cellsPerMillimetre);
            ulong mask = 0;
            for (int other = planeStart[plane]; other < planeStart[plane + 1]; other++)
            {
                double cell = ((offset[other] - offset[hit]) * cellsPerMillimetre) + (Cells / 2.0);
                int low = (int)Math.Max(cell - reach, 0);
                int high = (int)Math.Min(cell + reach, Cells - 1);
                if (cell + reach >= 0 && low <= high)
                {
                    mask |= (ulong.MaxValue >> (Cells - 1 - (high - low))) << low;
                }
            }

            ulong carry = ones & mask;
            ones ^= mask;
            (twos, carry) = (twos ^ carry, twos & carry);
            (fours, carry) = (fours ^ carry, fours & carry);
            (eights, carry) = (eights ^ carry, eights & carry);
            sixteens ^= carry;
        }

        // From the highest binary digit down, the slopes that hold the most votes.
        ulong best = ulong.MaxValue;
        int votes = 0;
        Narrow(sixteens, 16, ref best, ref votes);
        Narrow(eights, 8, ref best, ref votes);
        Narrow(fours, 4, ref best, ref votes);
        Narrow(twos, 2, ref best, ref votes);
        Narrow(ones, 1, ref best, ref votes);
        if (votes == 0)
        {
            return default;
        }

        int cells = BitOperations.PopCount(best);
        int sum = 0;
        for (ulong rest = best; rest != 0; rest &= rest - 1)
        {
            sum += BitOperations.TrailingZeroCount(rest);
        }

        double slope = (((sum / (double)cells) + 0.5) / Cells * 2 * window) - window;
        return new(votes / (float)(end - first - 1), (float)slope, cells / (float)Cells);
    }

    private static void Narrow(ulong digit, int value, ref ulong best, ref int votes)
    {
        if ((best & digit) != 0)
        {
            best &= digit;
            votes += value;
        }
    }
}
