using System.Numerics;
using System.Runtime.InteropServices;

namespace Sagitta.Tracking.Classical;

/// <summary>The clusters of one station by plane and y, and the nearest of them to a line. Keeps its memory between events.</summary>
internal sealed class StationClusters(int firstPlane, double[] arms)
{
    // Places a search may start from, a plane.
    private const int Starts = 512;

    // A plane's clusters lie between two pairs at infinity, so that a search needs no bounds.
    private const int Border = 2;

    private readonly int[] _begin = new int[arms.Length + 1];
    private readonly int[] _end = new int[arms.Length];
    private readonly int[] _starts = new int[arms.Length * Starts];
    private double _startsPerLength;
    private double[] _y = [];
    private int[] _index = [];

    /// <summary>Clusters in all planes.</summary>
    public int Count { get; private set; }
    /// <summary>Smallest y, mm; infinite without clusters.</summary>
    public double Low { get; private set; }
    /// <summary>Largest y, mm.</summary>
    public double High { get; private set; }

    /// <summary>y of the clusters of a plane, ascending.</summary>
    public ReadOnlySpan<double> Of(int plane) => _y.AsSpan(_begin[plane].._end[plane]);

    /// <summary>Takes the station's clusters among those of any stations.</summary>
    public void Take(List<StripCluster> clusters)
    {
        ReadOnlySpan<StripCluster> all = CollectionsMarshal.AsSpan(clusters);
        Lay(all);
        for (int c = 0; c < all.Length; c++)
        {
            int plane = all[c].Plane - firstPlane;
            if ((uint)plane < (uint)arms.Length)
            {
                Insert(plane, all[c].Y, c);
            }
        }

        _startsPerLength = High > Low ? (Starts - 1) / (High - Low) : 0;
        for (int plane = 0; plane < arms.Length && Count > 0; plane++)
        {
            Span<int> starts = _starts.AsSpan(plane * Starts, Starts);
            int done = 0;
            for (int i = _begin[plane]; i < _end[plane]; i++)
            {
                int next = Start(_y[i]) + 1;
                starts[done..next].Fill(i);
                done = next;
            }

            starts[done..].Fill(_end[plane]);
        }
    }

    /// <summary>The nearest cluster of every plane to the line y + slope arm, as its index among the clusters of all stations (the first of
    /// equally near ones), and its y; or -1 and 0 if none is nearer than the tolerance.</summary>
    public void Nearest(double y, double slope, double tolerance, Span<int> chosen, Span<double> positions)
    {
        ReadOnlySpan<double> ys = _y;
        ReadOnlySpan<int> starts = _starts;
        for (int plane = 0; plane < arms.Length; plane++)
        {
            double shift = slope * arms[plane];

            // The first cluster on or above the line, exactly: the start is only near it. Which of two clusters is nearer can't be
            // foreseen, hence numbers and masks where branches would do.
            int place = starts[(plane * Starts) + Start(y + shift)];
            place += ys[place] - y - shift < 0 ? 1 : 0;
            while (ys[place] - y - shift < 0)
            {
                place++;
            }

            while (ys[place - 1] - y - shift >= 0)
            {
                place--;
            }

            double above = ys[place] - y - shift;
            double below = -(ys[place - 1] - y - shift);
            double distance = double.MinNative(above, below);
            int nearest = place - (below < above ? 1 : 0);
            bool tied = above == below || ys[place + 1] - y - shift == distance || -(ys[place - 2] - y - shift) == distance;
            if (tied && distance < tolerance)
            {
                nearest = FirstAt(distance, y, shift, place);
            }

            int far = (distance < tolerance ? 1 : 0) - 1;
            chosen[plane] = _index[nearest] | far;
            positions[plane] = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(ys[nearest]) & ~(long)far);
        }
    }

    // The cluster with the smallest index at a distance, on both sides of a place.
    private int FirstAt(double distance, double y, double shift, int place)
    {
        int first = -1;
        for (int i = place; _y[i] - y - shift == distance; i++)
        {
            first = first < 0 || _index[i] < _index[first] ? i : first;
        }

        for (int i = place - 1; -(_y[i] - y - shift) == distance; i--)
        {
            first = first < 0 || _index[i] < _index[first] ? i : first;
        }

        return first;
    }

    private int Start(double y) => Math.Clamp((int)((y - Low) * _startsPerLength), 0, Starts - 1);

    // Room for every plane's clusters, and the extent of all.
    private void Lay(ReadOnlySpan<StripCluster> all)
    {
        int[] begin = _begin;
        Array.Clear(begin);
        Low = double.PositiveInfinity;
        High = double.NegativeInfinity;
        Count = 0;
        foreach (ref readonly StripCluster cluster in all)
        {
            int plane = cluster.Plane - firstPlane;
            if ((uint)plane < (uint)arms.Length)
            {
                begin[plane + 1]++;
                Count++;
                Low = Math.Min(Low, cluster.Y);
                High = Math.Max(High, cluster.Y);
            }
        }

        int length = Count + (2 * Border * arms.Length);
        if (_y.Length < length)
        {
            _y = new double[2 * length];
            _index = new int[2 * length];
        }

        begin[0] = Border;
        for (int plane = 0; plane < arms.Length; plane++)
        {
            int end = begin[plane] + begin[plane + 1];
            _y.AsSpan(begin[plane] - Border, Border).Fill(double.NegativeInfinity);
            _y.AsSpan(end, Border).Fill(double.PositiveInfinity);
            _end[plane] = begin[plane];
            begin[plane + 1] = end + (2 * Border);
        }
    }

    // Events come in order of y: nothing moves as a rule.
    private void Insert(int plane, double y, int index)
    {
        int i = _end[plane]++;
        for (; _y[i - 1] > y; i--)
        {
            _y[i] = _y[i - 1];
            _index[i] = _index[i - 1];
        }

        _y[i] = y;
        _index[i] = index;
    }
}

/// <summary>Neighbouring fired strips of one plane.</summary>
/// <param name="FirstHit">Its first hit in the event set.</param>
/// <param name="EndHit">One past its last.</param>
/// <param name="Plane">Plane index.</param>
/// <param name="Y">Charge-weighted centre, mm.</param>
/// <param name="Width">Charge-weighted variance about it, mm^2.</param>
/// <param name="Concentration">Sum of squared shares of charge.</param>
internal readonly record struct StripCluster(int FirstHit, int EndHit, int Plane, double Y, double Width, double Concentration);

/// <summary>Sums over the strips of a cluster, weighted by charge.</summary>
internal struct ClusterSums
{
    private double _squares;
    private double _moment;
    private double _second;

    /// <summary>Sum of charges.</summary>
    public double Charge { get; private set; }
    /// <summary>Mean position; 0 without charge.</summary>
    public readonly double Mean => Charge > 0 ? _moment / Charge : 0;
    /// <summary>Variance of positions about the mean; 0 without charge.</summary>
    public readonly double Width => Charge > 0 ? Math.Max(0, (_second / Charge) - (Mean * Mean)) : 0;
    /// <summary>Sum of squared shares of charge: 1 for a single strip.</summary>
    public readonly double Concentration => Charge > 0 ? _squares / (Charge * Charge) : 1;

    /// <summary>Adds a strip at a position relative to a point near the cluster, mm.</summary>
    public void Add(double position, double charge)
    {
        Charge += charge;
        _moment += charge * position;
        _second += charge * position * position;
        _squares += charge * charge;
    }
}

/// <summary>Which choices of a cluster per plane were met before. Open addressing; keeps its memory when cleared.</summary>
internal sealed class ChoiceSet(int planes)
{
    private int[] _slots = new int[64];
    private int[] _choices = new int[16 * planes];
    private int _count;

    /// <summary>Forgets all choices.</summary>
    public void Clear()
    {
        if (_count > 0)
        {
            Array.Clear(_slots);
            _count = 0;
        }
    }

    /// <summary>Adds a choice.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Add(ReadOnlySpan<int> choice)
    {
        int slot = Slot(choice);
        for (; _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            if (_choices.AsSpan((_slots[slot] - 1) * planes, planes).SequenceEqual(choice))
            {
                return false;
            }
        }

        if ((_count + 1) * planes > _choices.Length)
        {
            Array.Resize(ref _choices, 2 * _choices.Length);
        }

        choice.CopyTo(_choices.AsSpan(_count * planes));
        _slots[slot] = ++_count;
        if (2 * _count > _slots.Length)
        {
            Grow();
        }

        return true;
    }

    private int Slot(ReadOnlySpan<int> choice)
    {
        uint hash = 0;
        foreach (int cluster in choice)
        {
            hash = (BitOperations.RotateLeft(hash, 5) ^ (uint)cluster) * 0x9E3779B9;
        }

        return (int)(hash >> 7) & (_slots.Length - 1);
    }

    private void Grow()
    {
        _slots = new int[2 * _slots.Length];
        for (int i = 0; i < _count; i++)
        {
            int slot = Slot(_choices.AsSpan(i * planes, planes));
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = i + 1;
        }
    }
}
