using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Physics.Fields;

/// <summary>
/// A measured or computed field on a regular grid: trilinear in each cell, computed in double from the grid's single-precision numbers,
/// zero outside the grid's box, whose faces belong to it.
/// </summary>
internal sealed class FieldMap : MagneticField
{
    private readonly FieldAxis _x;
    private readonly FieldAxis _y;
    private readonly FieldAxis _z;
    private readonly Vector128<float>[] _nodes;
    private readonly int _strideX;
    private readonly int _strideY;

    /// <param name="x">Axis along x.</param>
    /// <param name="y">Axis along y.</param>
    /// <param name="z">Axis along z.</param>
    /// <param name="bx">x component in T at (i, j, k), index (i * y.Count + j) * z.Count + k.</param>
    /// <param name="by">The same of y.</param>
    /// <param name="bz">The same of z.</param>
    public FieldMap(FieldAxis x, FieldAxis y, FieldAxis z, ReadOnlySpan<float> bx, ReadOnlySpan<float> by, ReadOnlySpan<float> bz)
    {
        (_x, _y, _z) = (x, y, z);
        (_strideX, _strideY) = (y.Count * z.Count, z.Count);
        _nodes = new Vector128<float>[x.Count * _strideX];
        for (int i = 0; i < _nodes.Length; i++)
        {
            _nodes[i] = Vector128.Create(bx[i], by[i], bz[i], 0);
        }

        Box = new(x.Low, x.High, y.Low, y.High, z.Low, z.High);
    }

    public override FieldBox Box { get; }

    /// <summary>Largest component at any node, T.</summary>
    public double Largest => _nodes.Max(node => Math.Max(Math.Abs(node[0]), Math.Max(Math.Abs(node[1]), Math.Abs(node[2]))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override FieldCell CellAt(double x, double y, double z)
    {
        if (!Box.Contains(x, y, z))
        {
            return FieldCell.Outside;
        }

        (int i, int j, int k) = (_x.Cell(x), _y.Cell(y), _z.Cell(z));
        return new((i * _strideX) + (j * _strideY) + k, _x.At(i), _y.At(j), _z.At(k));
    }

    public override FieldBox WallsOf(in FieldCell cell) =>
        new(cell.X, cell.X + _x.Spacing, cell.Y, cell.Y + _y.Spacing, cell.Z, cell.Z + _z.Spacing);

    public override Vector256<double> ValueIn(in FieldCell cell, double x, double y, double z)
    {
        if (cell.IsOutside)
        {
            return default;
        }

        (double u, double v, double w) = (
            (x - cell.X) * _x.PerSpacing, (y - cell.Y) * _y.PerSpacing, (z - cell.Z) * _z.PerSpacing);
        ref Vector128<float> node = ref Node(cell);
        Vector256<double> low = Mixed(Mixed(Wide(ref node, 0), Wide(ref node, 1), w),
            Mixed(Wide(ref node, _strideY), Wide(ref node, _strideY + 1), w), v);
        Vector256<double> high = Mixed(Mixed(Wide(ref node, _strideX), Wide(ref node, _strideX + 1), w),
            Mixed(Wide(ref node, _strideX + _strideY), Wide(ref node, _strideX + _strideY + 1), w), v);
        return Mixed(low, high, u);
    }

    public override void EvaluateIn(in FieldCell cell, double x, double y, double z, out FieldPoint point)
    {
        if (cell.IsOutside)
        {
            point = default;
            return;
        }

        (double u, double v, double w) = (
            (x - cell.X) * _x.PerSpacing, (y - cell.Y) * _y.PerSpacing, (z - cell.Z) * _z.PerSpacing);
        ref Vector128<float> node = ref Node(cell);
        Vector256<double> n00 = Wide(ref node, 0), n01 = Wide(ref node, _strideY);
        Vector256<double> n10 = Wide(ref node, _strideX), n11 = Wide(ref node, _strideX + _strideY);
        Vector256<double> d00 = Wide(ref node, 1) - n00, d01 = Wide(ref node, _strideY + 1) - n01;
        Vector256<double> d10 = Wide(ref node, _strideX + 1) - n10, d11 = Wide(ref node, _strideX + _strideY + 1) - n11;
        Vector256<double> a0 = n00 + (d00 * w), a1 = n10 + (d10 * w);
        Vector256<double> g0 = n01 + (d01 * w) - a0, g1 = n11 + (d11 * w) - a1;
        Vector256<double> low = a0 + (g0 * v), high = a1 + (g1 * v);
        point.Value = low + ((high - low) * u);
        point.ByX = (high - low) * _x.PerSpacing;
        point.ByY = Mixed(g0, g1, u) * _y.PerSpacing;
        point.ByZ = Mixed(Mixed(d00, d01, v), Mixed(d10, d11, v), u) * _z.PerSpacing;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Mixed(Vector256<double> low, Vector256<double> high, double fraction) =>
        low + ((high - low) * fraction);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Wide(ref Vector128<float> node, int offset) =>
        Vector256.WidenLower(Unsafe.Add(ref node, offset).ToVector256Unsafe());

    // The bounds check guards the whole cell: its last corner is the last node that is read.
    private ref Vector128<float> Node(in FieldCell cell)
    {
        _ = _nodes[cell.Index + _strideX + _strideY + 1];
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_nodes), cell.Index);
    }
}

/// <summary>An axis of a grid: equally spaced places, rising.</summary>
/// <param name="Low">First place, mm.</param>
/// <param name="Spacing">Distance of neighbours, mm.</param>
/// <param name="Count">Number of places, 2 or more.</param>
internal sealed record FieldAxis(double Low, double Spacing, int Count)
{
    /// <summary>Last place, mm.</summary>
    public double High { get; } = Low + (Spacing * (Count - 1));

    /// <summary>Cells per mm.</summary>
    public double PerSpacing { get; } = 1 / Spacing;

    /// <summary>The cell that holds a place between the ends; the last one for the end itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Cell(double place) => Math.Min((int)((place - Low) * PerSpacing), Count - 2);

    /// <summary>A place of the axis, mm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double At(int index) => Low + (Spacing * index);
}
