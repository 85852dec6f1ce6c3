using System.Runtime.Intrinsics;

namespace Sagitta.Physics.Fields;

/// <summary>
/// A magnetic field in T as a function of place in mm, made of cells: within each it is smooth, and it may have a kink where two meet. A
/// vector holds (Bx, By, Bz, 0).
/// </summary>
internal abstract class MagneticField
{
    /// <summary>The box outside of which the field is zero; infinite for a field that is everywhere.</summary>
    public abstract FieldBox Box { get; }

    /// <summary>The cell of a place; <see cref="FieldCell.IsOutside"/> where the field is zero, and for a place that is not
    /// finite.</summary>
    public abstract FieldCell CellAt(double x, double y, double z);

    /// <summary>The walls of a cell that is not outside.</summary>
    public abstract FieldBox WallsOf(in FieldCell cell);

    /// <summary>The field that a cell's own formula gives, which goes on smoothly beyond the cell's walls; zero for the outside.</summary>
    public abstract Vector256<double> ValueIn(in FieldCell cell, double x, double y, double z);

    /// <summary>The same with the exact derivatives by place, T/mm.</summary>
    public abstract void EvaluateIn(in FieldCell cell, double x, double y, double z, out FieldPoint point);

    /// <summary>The field at a place.</summary>
    public Vector256<double> Value(double x, double y, double z) => ValueIn(CellAt(x, y, z), x, y, z);
}

/// <summary>A field and its derivatives by x, y and z.</summary>
internal struct FieldPoint
{
    public Vector256<double> Value;
    public Vector256<double> ByX;
    public Vector256<double> ByY;
    public Vector256<double> ByZ;
}

/// <summary>A cell of a field.</summary>
/// <param name="Index">Number of the cell; -1 for the outside.</param>
/// <param name="X">Its lower corner, mm.</param>
/// <param name="Y">The same in y.</param>
/// <param name="Z">The same in z.</param>
internal readonly record struct FieldCell(int Index, double X, double Y, double Z)
{
    public static FieldCell Outside { get; } = new(-1, 0, 0, 0);

    public bool IsOutside => Index < 0;
}

/// <summary>A box in mm, its faces included.</summary>
internal readonly record struct FieldBox(double LowX, double HighX, double LowY, double HighY, double LowZ, double HighZ)
{
    public bool Contains(double x, double y, double z) =>
        x >= LowX && x <= HighX && y >= LowY && y <= HighY && z >= LowZ && z <= HighZ;
}

/// <summary>The same field everywhere, T.</summary>
internal sealed class UniformField(double x, double y, double z) : MagneticField
{
    private readonly Vector256<double> _value = Vector256.Create(x, y, z, 0);

    public override FieldBox Box { get; } = new(double.NegativeInfinity, double.PositiveInfinity, double.NegativeInfinity,
        double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity);

    public override FieldCell CellAt(double x, double y, double z) => new(0, 0, 0, 0);

    public override FieldBox WallsOf(in FieldCell cell) => Box;

    public override Vector256<double> ValueIn(in FieldCell cell, double x, double y, double z) => _value;

    public override void EvaluateIn(in FieldCell cell, double x, double y, double z, out FieldPoint point)
    {
        point = default;
        point.Value = _value;
    }
}
