using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Physics.Propagation;

/// <summary>
/// One step of Nystroem's method of fourth order (Lund et al., J. Instrum. 4 (2009) P04001) for the motion along z,
/// d tx/dz = K (ty (tx Bx + Bz) - (1 + tx^2) By), d ty/dz = K ((1 + ty^2) Bx - tx (ty By + Bz)), K = c q/p sqrt(1 + tx^2 + ty^2), with the
/// exact derivatives of the step itself. The length of the step is not differentiated.
/// </summary>
internal static class NystroemStep
{
    /// <summary>Makes a step in place.</summary>
    /// <param name="field">The field.</param>
    /// <param name="cell">Cell whose formula is used all along; null takes at each point that of the point's own cell.</param>
    /// <param name="scale">Factor of the field.</param>
    /// <param name="z">Where the step begins, mm.</param>
    /// <param name="h">Its length, mm; negative goes back.</param>
    /// <param name="state">The state.</param>
    /// <param name="jacobian">Its derivatives, or a null reference.</param>
    /// <returns>An estimate of the error of position, mm: h^2 |k1 - k2 - k3 + k4|.</returns>
    public static double Make(MagneticField field, FieldCell? cell, double scale, double z, double h, ref TrackState state,
        ref StateJacobian jacobian)
    {
        TrackState s = state;
        bool derivatives = !Unsafe.IsNullRef(ref jacobian);
        double half = h / 2;
        double square = h * h;
        Bending k1 = default, k2 = default, k3 = default, k4 = default;
        FieldCell at = cell ?? field.CellAt(s.X, s.Y, z);
        TrackState middle;
        TrackState end;
        if (!derivatives)
        {
            k1.Evaluate(field.ValueIn(at, s.X, s.Y, z), scale, s);
            middle = s with { X = s.X + (half * s.Tx) + (square / 8 * k1.X), Y = s.Y + (half * s.Ty) + (square / 8 * k1.Y) };
            at = cell ?? field.CellAt(middle.X, middle.Y, z + half);
            Vector256<double> value = field.ValueIn(at, middle.X, middle.Y, z + half);
            k2.Evaluate(value, scale, middle with { Tx = s.Tx + (half * k1.X), Ty = s.Ty + (half * k1.Y) });
            k3.Evaluate(value, scale, middle with { Tx = s.Tx + (half * k2.X), Ty = s.Ty + (half * k2.Y) });
            end = End(s, h, k3);
            at = cell ?? field.CellAt(end.X, end.Y, z + h);
            k4.Evaluate(field.ValueIn(at, end.X, end.Y, z + h), scale, end);
        }
        else
        {
            ref StateJacobian j = ref jacobian;
            field.EvaluateIn(at, s.X, s.Y, z, out FieldPoint point);
            k1.Evaluate(point.Value, scale, s);
            k1.Differentiate(point, scale, s, j.X, j.Y, j.Tx, j.Ty, j.QOverP);
            middle = s with { X = s.X + (half * s.Tx) + (square / 8 * k1.X), Y = s.Y + (half * s.Ty) + (square / 8 * k1.Y) };
            at = cell ?? field.CellAt(middle.X, middle.Y, z + half);
            field.EvaluateIn(at, middle.X, middle.Y, z + half, out point);
            Vector512<double> x = j.X + (j.Tx * half) + (k1.RowX * (square / 8));
            Vector512<double> y = j.Y + (j.Ty * half) + (k1.RowY * (square / 8));
            TrackState second = middle with { Tx = s.Tx + (half * k1.X), Ty = s.Ty + (half * k1.Y) };
            k2.Evaluate(point.Value, scale, second);
            k2.Differentiate(point, scale, second, x, y, j.Tx + (k1.RowX * half), j.Ty + (k1.RowY * half), j.QOverP);
            TrackState third = middle with { Tx = s.Tx + (half * k2.X), Ty = s.Ty + (half * k2.Y) };
            k3.Evaluate(point.Value, scale, third);
            k3.Differentiate(point, scale, third, x, y, j.Tx + (k2.RowX * half), j.Ty + (k2.RowY * half), j.QOverP);
            end = End(s, h, k3);
            at = cell ?? field.CellAt(end.X, end.Y, z + h);
            field.EvaluateIn(at, end.X, end.Y, z + h, out point);
            k4.Evaluate(point.Value, scale, end);
            k4.Differentiate(point, scale, end, j.X + (j.Tx * h) + (k3.RowX * (square / 2)),
                j.Y + (j.Ty * h) + (k3.RowY * (square / 2)), j.Tx + (k3.RowX * h), j.Ty + (k3.RowY * h), j.QOverP);
            j.X += (j.Tx * h) + ((k1.RowX + k2.RowX + k3.RowX) * (square / 6));
            j.Y += (j.Ty * h) + ((k1.RowY + k2.RowY + k3.RowY) * (square / 6));
            j.Tx += (k1.RowX + ((k2.RowX + k3.RowX) * 2) + k4.RowX) * (h / 6);
            j.Ty += (k1.RowY + ((k2.RowY + k3.RowY) * 2) + k4.RowY) * (h / 6);
        }

        state = new(s.X + (h * s.Tx) + (square / 6 * (k1.X + k2.X + k3.X)), s.Y + (h * s.Ty) + (square / 6 * (k1.Y + k2.Y + k3.Y)),
            s.Tx + (h / 6 * (k1.X + (2 * (k2.X + k3.X)) + k4.X)), s.Ty + (h / 6 * (k1.Y + (2 * (k2.Y + k3.Y)) + k4.Y)), s.QOverP);
        return square * (Math.Abs(k1.X - k2.X - k3.X + k4.X) + Math.Abs(k1.Y - k2.Y - k3.Y + k4.Y));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TrackState End(in TrackState s, double h, in Bending k3) => new(s.X + (h * s.Tx) + (h * h / 2 * k3.X),
        s.Y + (h * s.Ty) + (h * h / 2 * k3.Y), s.Tx + (h * k3.X), s.Ty + (h * k3.Y), s.QOverP);

    /// <summary>d tx/dz and d ty/dz in a field.</summary>
    public static (double X, double Y) Curvature(Vector256<double> field, double scale, in TrackState state)
    {
        Bending bending = default;
        bending.Evaluate(field, scale, state);
        return (bending.X, bending.Y);
    }

    // d tx/dz and d ty/dz with their derivatives.
    private struct Bending
    {
        public double X;
        public double Y;
        public Vector512<double> RowX;
        public Vector512<double> RowY;
        private double _a;
        private double _c;
        private double _strength;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Evaluate(Vector256<double> field, double scale, in TrackState s)
        {
            (double bx, double by, double bz) = (field[0], field[1], field[2]);
            _strength = PhysicalConstants.CurvaturePerTesla * scale * s.Slant;
            _a = (s.Ty * ((s.Tx * bx) + bz)) - ((1 + (s.Tx * s.Tx)) * by);
            _c = ((1 + (s.Ty * s.Ty)) * bx) - (s.Tx * ((s.Ty * by) + bz));
            double k = _strength * s.QOverP;
            X = k * _a;
            Y = k * _c;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Differentiate(in FieldPoint field, double scale, in TrackState s, Vector512<double> x, Vector512<double> y,
            Vector512<double> tx, Vector512<double> ty, Vector512<double> q)
        {
            (double bx, double by, double bz) = (field.Value[0], field.Value[1], field.Value[2]);
            double k = _strength * s.QOverP;
            double slant = 1 / (1 + (s.Tx * s.Tx) + (s.Ty * s.Ty));
            (double alongX, double alongY) = (s.Tx * slant, s.Ty * slant);
            RowX = (x * (k * A(field.ByX, s))) + (y * (k * A(field.ByY, s)))
                + (tx * (k * ((alongX * _a) + (s.Ty * bx) - (2 * s.Tx * by))))
                + (ty * (k * ((alongY * _a) + (s.Tx * bx) + bz))) + (q * (_strength * _a))
                + Vector512.Create(0, 0, 0, 0, 0, X / scale, 0, 0);
            RowY = (x * (k * C(field.ByX, s))) + (y * (k * C(field.ByY, s)))
                + (tx * (k * ((alongX * _c) - (s.Ty * by) - bz)))
                + (ty * (k * ((alongY * _c) + (2 * s.Ty * bx) - (s.Tx * by)))) + (q * (_strength * _c))
                + Vector512.Create(0, 0, 0, 0, 0, Y / scale, 0, 0);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static double A(Vector256<double> b, in TrackState s) =>
            (s.Ty * ((s.Tx * b[0]) + b[2])) - ((1 + (s.Tx * s.Tx)) * b[1]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static double C(Vector256<double> b, in TrackState s) =>
            ((1 + (s.Ty * s.Ty)) * b[0]) - (s.Tx * ((s.Ty * b[1]) + b[2]));
    }
}
