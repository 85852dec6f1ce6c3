using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Endcap;

/// <summary>
/// A trajectory in z with its derivatives: (x, y, dx/dz, dy/dz) and the derivatives of these by the four numbers at the beginning and by
/// q/p, carried along the integration (fourth order of Runge and Kutta, in steps that end at the map's planes).
/// </summary>
/// <param name="field">The field.</param>
internal sealed class EndcapTransport(MagneticField field)
{
    private const double Step = 100;
    private const int Columns = EndcapTrackState.Columns;
    private readonly Vector256<double>[] _work = new Vector256<double>[5 * (Columns + 1)];

    /// <summary>Moves a state from a z to another behind it.</summary>
    /// <param name="state">The place, then its derivatives; starts anywhere, so that derivatives may be those of an earlier z.</param>
    /// <param name="from">z of the state, mm.</param>
    /// <param name="to">z to go to.</param>
    /// <param name="qOverP">q/p, 1/GeV.</param>
    /// <param name="toQOverP">Derivative of this q/p by that of the beginning.</param>
    public void Move(ref EndcapTrackState state, double from, double to, double qOverP, double toQOverP)
    {
        double z = from;
        while (z < to)
        {
            bool free = z >= field.Box.HighZ || z < field.Box.LowZ;
            double border = z < field.Box.LowZ ? field.Box.LowZ : z >= field.Box.HighZ ? to : (Math.Floor((z + 1e-6) / Step) + 1) * Step;
            double h = Math.Min(border, to) - z;
            if (free)
            {
                state.Drift(h);
            }
            else
            {
                RungeKutta(ref state, z, h, qOverP, toQOverP);
            }

            z += h;
        }
    }

    private void RungeKutta(ref EndcapTrackState state, double z, double h, double qOverP, double toQOverP)
    {
        const int Length = Columns + 1;
        Span<Vector256<double>> start = _work.AsSpan(0, Length), sum = _work.AsSpan(Length, Length), at = _work.AsSpan(2 * Length, Length);
        Span<Vector256<double>> slope = _work.AsSpan(3 * Length, Length);
        state.CopyTo(start);
        start.CopyTo(at);
        sum.Clear();
        for (int stage = 0; stage < 4; stage++)
        {
            double where = stage == 0 ? 0 : stage == 3 ? h : h / 2;
            Slopes(at, z + where, qOverP, toQOverP, slope);
            double weight = stage is 0 or 3 ? h / 6 : h / 3;
            double next = stage == 2 ? h : h / 2;
            for (int c = 0; c < Length; c++)
            {
                sum[c] += slope[c] * weight;
                at[c] = start[c] + (slope[c] * next);
            }
        }

        for (int c = 0; c < Length; c++)
        {
            start[c] += sum[c];
        }

        state.Take(start);
    }

    // d(tx)/dz = k s (tx ty Bx - (1 + tx^2) By + ty Bz), d(ty)/dz = k s ((1 + ty^2) Bx - tx ty By - tx Bz), s = sqrt(1 + tx^2 + ty^2),
    // k = c q/p, and their derivatives.
    private void Slopes(ReadOnlySpan<Vector256<double>> at, double z, double qOverP, double toQOverP, Span<Vector256<double>> slope)
    {
        (double x, double y, double tx, double ty) = (at[0][0], at[0][1], at[0][2], at[0][3]);
        field.EvaluateIn(field.CellAt(x, y, z), x, y, z, out FieldPoint b);
        double s = Math.Sqrt(1 + (tx * tx) + (ty * ty));
        double k = PhysicalConstants.CurvaturePerTesla * qOverP * s;
        double fx = Along(b.Value, tx, ty), fy = Across(b.Value, tx, ty);
        slope[0] = Vector256.Create(tx, ty, k * fx, k * fy);
        (double bx, double by, double bz) = (b.Value[0], b.Value[1], b.Value[2]);

        // By x, y, tx, ty of the slopes of tx and ty.
        double ax = k * Along(b.ByX, tx, ty), ay = k * Along(b.ByY, tx, ty);
        double cx = k * Across(b.ByX, tx, ty), cy = k * Across(b.ByY, tx, ty);
        double perS = k / (s * s);
        double atx = (perS * tx * fx) + (k * ((ty * bx) - (2 * tx * by))), aty = (perS * ty * fx) + (k * ((tx * bx) + bz));
        double ctx = (perS * tx * fy) + (k * ((-ty * by) - bz)), cty = (perS * ty * fy) + (k * ((2 * ty * bx) - (tx * by)));
        double perQ = PhysicalConstants.CurvaturePerTesla * s * toQOverP;
        for (int c = 1; c < slope.Length; c++)
        {
            Vector256<double> d = at[c];
            slope[c] = Vector256.Create(d[2], d[3], (ax * d[0]) + (ay * d[1]) + (atx * d[2]) + (aty * d[3]),
                (cx * d[0]) + (cy * d[1]) + (ctx * d[2]) + (cty * d[3]));
        }

        slope[Columns] += Vector256.Create(0, 0, perQ * fx, perQ * fy);
    }

    private static double Along(Vector256<double> b, double tx, double ty) => (tx * ty * b[0]) - ((1 + (tx * tx)) * b[1]) + (ty * b[2]);

    private static double Across(Vector256<double> b, double tx, double ty) => ((1 + (ty * ty)) * b[0]) - (tx * ty * b[1]) - (tx * b[2]);
}

/// <summary>(x, y, dx/dz, dy/dz) and its derivatives by the track's parameters and by each kink.</summary>
internal struct EndcapTrackState
{
    /// <summary>x, y, tx, ty, two angles of each of up to three kinks, then q/p.</summary>
    public const int Columns = 11;
    private Values _values;

    public static EndcapTrackState At(in EndcapTruth track)
    {
        EndcapTrackState state = default;
        state._values[0] = Vector256.Create(track.X, track.Y, track.Tx, track.Ty);
        for (int c = 0; c < 4; c++)
        {
            state._values[c + 1] = Vector256<double>.Zero.WithElement(c, 1);
        }

        return state;
    }

    public readonly double X => _values[0][0];
    public readonly double Y => _values[0][1];
    public readonly double Tx => _values[0][2];
    public readonly double Ty => _values[0][3];

    /// <summary>The derivatives of (x, y, tx, ty) by a parameter.</summary>
    public readonly Vector256<double> By(int column) => _values[column + 1];

    /// <summary>Turns by the angles of a kink, on which all that follows depends.</summary>
    public void Turn(int kink, double tx, double ty)
    {
        _values[0] += Vector256.Create(0, 0, tx, ty);
        _values[5 + (2 * kink)] = Vector256.Create(0.0, 0, 1, 0);
        _values[6 + (2 * kink)] = Vector256.Create(0.0, 0, 0, 1);
    }

    public void Drift(double h)
    {
        for (int c = 0; c <= Columns; c++)
        {
            Vector256<double> v = _values[c];
            _values[c] = Vector256.Create(v[0] + (h * v[2]), v[1] + (h * v[3]), v[2], v[3]);
        }
    }

    public readonly void CopyTo(Span<Vector256<double>> target) => ((ReadOnlySpan<Vector256<double>>)_values).CopyTo(target);

    public void Take(ReadOnlySpan<Vector256<double>> source) => source.CopyTo(_values);

    [System.Runtime.CompilerServices.InlineArray(Columns + 1)]
    private struct Values
    {
        private Vector256<double> _first;
    }
}
