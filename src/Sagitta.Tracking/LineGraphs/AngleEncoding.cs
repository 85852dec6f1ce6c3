using System.Numerics;
using System.Runtime.InteropServices;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Encodes the angle between two segments as sines and cosines of its square root at 64 frequencies spaced geometrically from 1 to
/// 1000^(63/64) (arXiv:2407.13420, after Vaswani et al., arXiv:1706.03762): column 2k is the sine, 2k + 1 the cosine.</summary>
internal static class AngleEncoding
{
    /// <summary>Number of columns.</summary>
    public const int Width = 128;

    private const double Scale = 0.001;

    /// <summary>Angular frequency of columns 2k and 2k + 1. Exponent and result are rounded to float, as in the published code: at the
    /// highest frequency that rounding alone moves phases by 1e-4.</summary>
    public static double Frequency(int k) => (float)Math.Exp(2 * k * (float)(-Math.Log(Scale) / Width));

    /// <summary>Writes the encoding of one angle.</summary>
    /// <param name="root">Square root of the angle, in square roots of rad.</param>
    /// <param name="encoding">Receives <see cref="Width"/> values.</param>
    public static void Encode<T>(double root, Span<T> encoding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < Width / 2; k++)
        {
            (double sine, double cosine) = Math.SinCos(root * Frequency(k));
            encoding[2 * k] = T.CreateTruncating(sine);
            encoding[(2 * k) + 1] = T.CreateTruncating(cosine);
        }
    }
}

/// <summary>The encoding of angles on a grid of roots, for cubic Hermite interpolation: row 2g holds the 128 values at node g, row 2g + 1
/// their slopes times the spacing. The encoding enters the network linearly, so its product with a weight matrix is tabulated at the nodes
/// and interpolated for each link; at the highest frequency (899) the interpolation is off by 6e-6.</summary>
internal static class AngleTable
{
    /// <summary>Nodes for each unit of root angle; a power of two, so that positions are exact.</summary>
    public const int NodesPerUnit = 4096;

    /// <summary>Nodes, up to an angle of pi.</summary>
    public const int Nodes = 7264;
}

/// <summary>The table in one precision.</summary>
internal static class AngleTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>2 x nodes rows of 128.</summary>
    public static T[] Values { get; } = Build();

    private static T[] Build()
    {
        T[] table = GC.AllocateUninitializedArray<T>(2 * AngleTable.Nodes * AngleEncoding.Width, pinned: true);
        for (int k = 0; k < AngleEncoding.Width / 2; k++)
        {
            double frequency = AngleEncoding.Frequency(k);
            double step = frequency / AngleTable.NodesPerUnit;
            for (int node = 0; node < AngleTable.Nodes; node++)
            {
                (double sine, double cosine) = Math.SinCos(step * node);
                int value = (2 * node * AngleEncoding.Width) + (2 * k);
                int slope = value + AngleEncoding.Width;
                table[value] = T.CreateTruncating(sine);
                table[value + 1] = T.CreateTruncating(cosine);
                table[slope] = T.CreateTruncating(step * cosine);
                table[slope + 1] = T.CreateTruncating(-step * sine);
            }
        }

        return table;
    }
}

/// <summary>Products of the table with the first layer of a network in use, kept from frame to frame: they depend on its parameters
/// alone.</summary>
internal sealed class AngleRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PinnedBuffer<T> _rows = new(2 * AngleTable.Nodes * 16);
    private readonly T[] _means = new T[AngleEncoding.Width];
    private readonly T[] _weights = new T[AngleEncoding.Width * 16];
    private int _nodes;

    /// <summary>Two rows of 16 a node.</summary>
    public unsafe T* Pointer => _rows.Pointer;

    /// <summary>Whether the rows of so many nodes are there for these means and weights; if not, they are to be written.</summary>
    public bool Holds(int nodes, ReadOnlySpan<T> means, ReadOnlySpan<T> weights)
    {
        if (nodes <= _nodes && Same(means, _means) && Same(weights, _weights))
        {
            return true;
        }

        means.CopyTo(_means);
        weights.CopyTo(_weights);
        _nodes = nodes;
        return false;
    }

    private static bool Same(ReadOnlySpan<T> a, ReadOnlySpan<T> b) => MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));
}
