using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Classical;

/// <summary>Votes of a station's clusters over slope and y at its middle, and the cells that enough planes agree on. Slopes are done one
/// after the other, so that the votes of one are all there is in memory.</summary>
internal sealed class HoughTable
{
    // Added to a whole number below 2^52, it leaves that number in the lowest bits of the sum.
    private const double WholeInLowBits = 1L << 52;

    private readonly ClassicalOptions _options;
    private readonly double[] _arms;
    private readonly double _reach;
    private readonly int _slopes;
    private readonly List<HoughCell> _found = [];
    private double _low;
    private double[] _y = [];
    private double[] _arm = [];
    private long[] _cells = [];
    private int[] _jumps = [];
    private byte[] _votes = [];

    public HoughTable(double[] arms, double depth, ClassicalOptions options)
    {
        _arms = arms;
        _reach = options.MaximumSlope * depth;
        _options = options;
        _slopes = (int)Math.Ceiling(2 * options.MaximumSlope / options.SlopeCell);
    }

    /// <summary>Slope at the middle of a cell.</summary>
    public double SlopeOf(int cell) => -_options.MaximumSlope + ((cell + 0.5) * _options.SlopeCell);

    /// <summary>y at the middle of a cell, mm.</summary>
    public double PositionOf(int cell) => _low + ((cell + 0.5) * _options.PositionCell);

    /// <summary>The cells with votes of at least so many planes, by slope and then y. Valid until the next call.</summary>
    public ReadOnlySpan<HoughCell> Fill(StationClusters clusters, int minimumPlanes)
    {
        _low = clusters.Low - _reach;
        int cells = (int)((clusters.High + _reach - _low) / _options.PositionCell) + 2;
        Flatten(clusters, cells);
        int length = (cells + Vector256<byte>.Count - 1) / Vector256<byte>.Count * Vector256<byte>.Count;
        if (_votes.Length < length)
        {
            _votes = new byte[2 * length];
        }

        _found.Clear();
        for (int slope = 0; slope < _slopes; slope++)
        {
            Place(SlopeOf(slope), clusters.Count, cells - 2);
            Vote(clusters.Count);
            Collect(slope, length, minimumPlanes);
        }

        return CollectionsMarshal.AsSpan(_found);
    }

    private void Flatten(StationClusters clusters, int cells)
    {
        int padded = clusters.Count + Vector<double>.Count;
        if (_y.Length < padded)
        {
            _y = new double[2 * padded];
            _arm = new double[2 * padded];
            _cells = new long[2 * padded];
            _jumps = new int[2 * padded];
        }

        int next = 0;
        for (int plane = 0; plane < _arms.Length; plane++)
        {
            ReadOnlySpan<double> y = clusters.Of(plane);
            y.CopyTo(_y.AsSpan(next));
            _arm.AsSpan(next, y.Length).Fill(_arms[plane]);
            _jumps.AsSpan(next, y.Length).Clear();
            if (y.Length > 0)
            {
                _jumps[next] = cells + 2;
            }

            next += y.Length;
        }
    }

    // The lower of the two nearest cells of each cluster: a track on a border is not split.
    private void Place(double slope, int count, int last)
    {
        Vector<double> low = new(_low), half = new(0.5), top = new(last), slopes = new(slope), size = new(
            _options.PositionCell), inverse = new(1 / _options.PositionCell);

        // The reciprocal of a power of two is exact, and a product is quicker than a quotient.
        bool exact = double.IsPow2(_options.PositionCell);
        for (int i = 0; i < count; i += Vector<double>.Count)
        {
            Vector<double> offset = new Vector<double>(_y, i) - (slopes * new Vector<double>(_arm, i)) - low;
            Vector<double> cell = Vector.Floor((exact ? offset * inverse : offset / size) - half);
            cell = Vector.MinNative(Vector.MaxNative(cell, Vector<double>.Zero), top);
            Vector.AsVectorInt64(cell + new Vector<double>(WholeInLowBits)).CopyTo(_cells, i);
        }
    }

    // Clusters of a plane ascend, and so do their cells: a cell has this plane's vote already if the cluster before gave it.
    private void Vote(int count)
    {
        ReadOnlySpan<long> cells = _cells.AsSpan(0, count);
        ReadOnlySpan<int> jumps = _jumps.AsSpan(0, count);
        Span<byte> votes = _votes;
        int before = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            int cell = (int)cells[i];
            int step = cell - before + jumps[i];
            before = cell;
            Span<byte> two = votes.Slice(cell, 2);
            int added = (step > 1 ? 1 : 0) + (step > 0 ? 256 : 0);
            BinaryPrimitives.WriteUInt16LittleEndian(two, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(two) + added));
        }
    }

    // Leaves the votes cleared for the next slope.
    private void Collect(int slope, int length, int minimumPlanes)
    {
        Span<byte> votes = _votes.AsSpan(0, length);
        Vector256<byte> minimum = Vector256.Create((byte)minimumPlanes);
        for (int i = 0; i < votes.Length; i += Vector256<byte>.Count)
        {
            Span<byte> part = votes.Slice(i, Vector256<byte>.Count);
            uint enough = Vector256.GreaterThanOrEqual(Vector256.Create<byte>(part), minimum).ExtractMostSignificantBits();
            for (; enough != 0; enough &= enough - 1)
            {
                int k = BitOperations.TrailingZeroCount(enough);
                _found.Add(new(slope, i + k, part[k]));
            }

            Vector256<byte>.Zero.CopyTo(part);
        }
    }
}

/// <summary>A cell of the Hough transform.</summary>
/// <param name="Slope">Its index in slope.</param>
/// <param name="Position">Its index in y.</param>
/// <param name="Planes">Planes that vote for it.</param>
internal readonly record struct HoughCell(int Slope, int Position, int Planes);
