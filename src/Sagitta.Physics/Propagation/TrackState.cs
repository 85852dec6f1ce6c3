using System.Runtime.Intrinsics;

namespace Sagitta.Physics.Propagation;

/// <summary>A charged particle at some z.</summary>
/// <param name="X">x, mm.</param>
/// <param name="Y">y, mm.</param>
/// <param name="Tx">dx/dz.</param>
/// <param name="Ty">dy/dz.</param>
/// <param name="QOverP">Charge over momentum, 1/GeV.</param>
internal readonly record struct TrackState(double X, double Y, double Tx, double Ty, double QOverP)
{
    /// <summary>Number of components.</summary>
    public const int Count = 5;

    /// <summary>Length of path per length along z.</summary>
    public double Slant => Math.Sqrt(1 + (Tx * Tx) + (Ty * Ty));

    /// <summary>The state of a span of <see cref="Count"/> numbers.</summary>
    public static TrackState From(ReadOnlySpan<double> values) => new(values[0], values[1], values[2], values[3], values[4]);

    /// <summary>Writes the components.</summary>
    public void CopyTo(Span<double> values) => (values[0], values[1], values[2], values[3], values[4]) = (X, Y, Tx, Ty, QOverP);

    /// <summary>The state after a straight flight.</summary>
    public TrackState Moved(double dz) => this with { X = X + (Tx * dz), Y = Y + (Ty * dz) };
}

/// <summary>
/// Derivatives of a state by what it began with: one vector a component, whose elements 0 to 4 are the derivatives by the components of
/// the first state, 5 that by the relative change of the field's scale, and 6 and 7 zero.
/// </summary>
internal struct StateJacobian
{
    /// <summary>Element of the field's scale.</summary>
    public const int Scale = 5;

    public Vector512<double> X;
    public Vector512<double> Y;
    public Vector512<double> Tx;
    public Vector512<double> Ty;
    public Vector512<double> QOverP;

    /// <summary>The derivatives where the way begins.</summary>
    public static StateJacobian Identity => new()
    {
        X = Vector512.CreateScalar(1.0),
        Y = Vector512.Create(0, 1.0, 0, 0, 0, 0, 0, 0),
        Tx = Vector512.Create(0, 0, 1.0, 0, 0, 0, 0, 0),
        Ty = Vector512.Create(0, 0, 0, 1.0, 0, 0, 0, 0),
        QOverP = Vector512.Create(0, 0, 0, 0, 1.0, 0, 0, 0),
    };

    /// <summary>The derivatives of component k.</summary>
    public readonly Vector512<double> this[int k] => k switch { 0 => X, 1 => Y, 2 => Tx, 3 => Ty, _ => QOverP };

    /// <summary>After a straight flight.</summary>
    public void Move(double dz)
    {
        X += Tx * dz;
        Y += Ty * dz;
    }
}
