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
    private readonly Plane[] _planes;
    private readonly double[] _window;

    // For each pair of planes (own first): cells by which a millimetre of offset moves the slope, and the tolerance in cells.
    private readonly (double PerMillimetre, double Reach)[] _cells;

    /// <summary>A search in the detector of some gates. Throws for stations of more than 32 planes.</summary>
    public TrackletSearch(HitGraphGates gates)
    {
        _planes = [.. gates.Detector.Planes];
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

        _cells = new (double, double)[_planes.Length * _planes.Length];
        for (int own = 0; own < _planes.Length; own++)
        {
            for (int other = 0; other < _planes.Length; other++)
            {
                if (own != other && _planes[own].Station == _planes[other].Station)
                {
                    double perMillimetre = Cells / (2 * _window[_planes[own].Station] * (_planes[other].Z - _planes[own].Z));
                    _cells[(own * _planes.Length) + other] = (perMillimetre, Math.Abs(ToleranceStrips * _planes[other].StripPitch * perMillimetre));
                }
            }
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
        Span<int> begin = stackalloc int[MostPlanes];
        int first = 0;
        while (first < _planes.Length)
        {
            int end = first + 1;
            while (end < _planes.Length && _planes[end].Station == _planes[first].Station)
            {
                end++;
            }

            double window = _window[_planes[first].Station];
            for (int plane = first; plane < end; plane++)
            {
                planeStart[first..end].CopyTo(begin);
                for (int hit = planeStart[plane]; hit < planeStart[plane + 1]; hit++)
                {
                    tracklets[hit] = Through(hit, plane, first, end, window, planeStart, offset, begin);
                }
            }

            first = end;
        }
    }

    private Tracklet Through(int hit, int own, int first, int end, double window, ReadOnlySpan<int> planeStart, ReadOnlySpan<double> offset, Span<int> begin)
    {
        ulong ones = 0, twos = 0, fours = 0, eights = 0, sixteens = 0;
        double place = offset[hit];
        for (int plane = first; plane < end; plane++)
        {
            int last = planeStart[plane + 1];
            int other = begin[plane - first];
            if (plane == own || other == last)
            {
                continue;
            }

            // Offsets rise within a plane: those before the window stay before it for all later hits, and after it nothing more can come.
            (double perMillimetre, double reach) = _cells[(own * _planes.Length) + plane];
            bool rising = perMillimetre > 0;
            double Cell(double there) => ((there - place) * perMillimetre) + (Cells / 2.0);
            while (other < last && (rising ? Cell(offset[other]) + reach < 0 : Cell(offset[other]) - reach >= Cells))
            {
                other++;
            }

            begin[plane - first] = other;
            ulong mask = 0;
            for (; other < last; other++)
            {
                double cell = Cell(offset[other]);
                if (rising ? cell - reach >= Cells : cell + reach < 0)
                {
                    break;
                }

                int low = (int)Math.Max(cell - reach, 0);
                int high = (int)Math.Min(cell + reach, Cells - 1);
                mask |= (ulong.MaxValue >> (Cells - 1 - (high - low))) << low;
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
