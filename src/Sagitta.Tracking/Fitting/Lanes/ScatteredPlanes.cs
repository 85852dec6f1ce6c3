using System.Runtime.CompilerServices;

namespace Sagitta.Tracking.Fitting.Lanes;

/// <summary>
/// Planes correlated by scattering: S = r^T V^-1 r with V^-1 = R (1 + m^2 R U R)^-1 R, R = diag(sqrt w). The matrix in brackets is factored
/// once, L L^T; every evaluation whitens residuals and derivatives, L^-1 R r, and is then a plain sum of squares.
/// </summary>
internal readonly unsafe struct ScatteredPlanes<TLanes> : ICircleSystem<TLanes>
    where TLanes : unmanaged, ILanes<TLanes, double>
{
    private readonly int _planes;
    private readonly double* _z;
    private readonly double* _y;
    private readonly double* _roots;

    // Row after row below the diagonal with its sign turned, and on it the inverse: a substitution is then multiply-adds alone.
    private readonly double* _factor;
    private readonly double* _ones;
    private readonly double* _value;
    private readonly double* _bySlope;
    private readonly double* _byCurvature;
    private readonly VertexConstraint _vertex;
    private readonly CircleLanes<TLanes> _start;

    /// <summary>Factors the covariance of a group of events.</summary>
    /// <param name="planes">Number of planes.</param>
    /// <param name="z">z of each plane, mm.</param>
    /// <param name="y">Centroids in lanes less what loss of energy bends, mm.</param>
    /// <param name="roots">sqrt(presence) / sigma in lanes.</param>
    /// <param name="scattering">U, planes x planes, one number each.</param>
    /// <param name="qOverPt">q/pT in lanes that scattering is taken at.</param>
    /// <param name="start">The circles that descents begin with.</param>
    /// <param name="vertex">Measurement of y at z = 0.</param>
    /// <param name="work">Scratch of <see cref="Work"/> x lanes.</param>
    public ScatteredPlanes(int planes, double* z, double* y, double* roots, ReadOnlySpan<double> scattering, TLanes qOverPt,
        in CircleLanes<TLanes> start, VertexConstraint vertex, double* work)
    {
        int stride = planes * TLanes.Count;
        _planes = planes;
        _z = z;
        _y = y;
        _roots = roots;
        _start = start;
        _vertex = vertex;
        _ones = work;
        _value = work + stride;
        _bySlope = work + (2 * stride);
        _byCurvature = work + (3 * stride);
        _factor = work + (4 * stride);
        Factor(scattering, qOverPt * qOverPt);
        for (int i = 0; i < planes; i++)
        {
            TLanes.Store(Solved(i, TLanes.Load(roots + (i * TLanes.Count)), _ones), _ones + (i * TLanes.Count));
        }
    }

    public double LastZ => _z[_planes - 1];

    /// <summary>Numbers a lane that the constructor needs as scratch.</summary>
    public static int Work(int planes) => (4 * planes) + (planes * (planes + 1) / 2);

    public CircleLanes<TLanes> Begin(TLanes fitted, out NormalEquations<TLanes> sums)
    {
        Evaluate(_start, out sums);
        return _start;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Evaluate(in CircleLanes<TLanes> circle, out NormalEquations<TLanes> sums)
    {
        int lanes = TLanes.Count;
        TLanes zero = TLanes.Broadcast(0);
        TLanes one = TLanes.Broadcast(1);
        TLanes y0 = circle.Y0;
        TLanes s = circle.Slope;
        TLanes k = circle.Curvature;
        TLanes c = TLanes.Sqrt(CircleLanes<TLanes>.CosineSquared(s));
        TLanes inverseC = one / c;
        TLanes value = zero, g0 = zero, g1 = zero, g2 = zero;
        TLanes a00 = zero, a10 = zero, a11 = zero, a20 = zero, a21 = zero, a22 = zero;
        double* row = _factor;
        for (int i = 0; i < _planes; i++)
        {
            int o = i * lanes;
            TLanes at = TLanes.Broadcast(_z[i]);
            TLanes root = TLanes.Load(_roots + o);
            TLanes t = CircleLanes<TLanes>.SineAt(at, s, k);
            TLanes e = TLanes.Sqrt(CircleLanes<TLanes>.CosineSquared(t));
            TLanes d = CircleLanes<TLanes>.Denominator(s, t, c, e);
            TLanes cosines = c + e;
            TLanes ed = e * d;
            TLanes inverse = one / (ed * cosines);
            TLanes zOver = at * cosines * inverse * root;
            TLanes r = root * (CircleLanes<TLanes>.Height(at, y0, s, t, ed * inverse) - TLanes.Load(_y + o));
            TLanes j1 = zOver * cosines * inverseC;
            TLanes j2 = at * zOver;
            for (int j = 0; j < i; j++)
            {
                TLanes l = TLanes.Load(row + (j * lanes));
                r = TLanes.FusedMultiplyAdd(l, TLanes.Load(_value + (j * lanes)), r);
                j1 = TLanes.FusedMultiplyAdd(l, TLanes.Load(_bySlope + (j * lanes)), j1);
                j2 = TLanes.FusedMultiplyAdd(l, TLanes.Load(_byCurvature + (j * lanes)), j2);
            }

            TLanes pivot = TLanes.Load(row + o);
            row += o + lanes;
            r *= pivot;
            j1 *= pivot;
            j2 *= pivot;
            TLanes.Store(r, _value + o);
            TLanes.Store(j1, _bySlope + o);
            TLanes.Store(j2, _byCurvature + o);
            TLanes j0 = TLanes.Load(_ones + o);
            value = TLanes.FusedMultiplyAdd(r, r, value);
            g0 = TLanes.FusedMultiplyAdd(j0, r, g0);
            g1 = TLanes.FusedMultiplyAdd(j1, r, g1);
            g2 = TLanes.FusedMultiplyAdd(j2, r, g2);
            a00 = TLanes.FusedMultiplyAdd(j0, j0, a00);
            a10 = TLanes.FusedMultiplyAdd(j0, j1, a10);
            a20 = TLanes.FusedMultiplyAdd(j0, j2, a20);
            a11 = TLanes.FusedMultiplyAdd(j1, j1, a11);
            a21 = TLanes.FusedMultiplyAdd(j1, j2, a21);
            a22 = TLanes.FusedMultiplyAdd(j2, j2, a22);
        }

        sums.Value = value;
        sums.G0 = g0;
        sums.G1 = g1;
        sums.G2 = g2;
        sums.Matrix.A00 = a00;
        sums.Matrix.A10 = a10;
        sums.Matrix.A11 = a11;
        sums.Matrix.A20 = a20;
        sums.Matrix.A21 = a21;
        sums.Matrix.A22 = a22;
        sums.AddVertex(_vertex, circle);
    }

    /// <summary>Half of the exact Hessian's second part; the whitened residuals must be those that <see cref="Evaluate"/> left for this
    /// circle.</summary>
    public void AddResidualCurvature(in CircleLanes<TLanes> circle, ref NormalEquations<TLanes> sums)
    {
        Unwhiten(_value, _value);
        sums.AddCurvature(_planes, _z, _value, circle);
    }

    public TLanes Magnitude(in CircleLanes<TLanes> circle)
    {
        TLanes sum = TLanes.Broadcast(0);
        for (int i = 0; i < _planes; i++)
        {
            TLanes root = TLanes.Load(_roots + (i * TLanes.Count));
            TLanes y = TLanes.Load(_y + (i * TLanes.Count));
            sum = TLanes.FusedMultiplyAdd(root * root, TLanes.FusedMultiplyAdd(y, y, circle.Y0 * circle.Y0), sum);
        }

        return sum;
    }

    /// <summary>V^-1 times a vector (planes in lanes): both substitutions.</summary>
    public void Apply(double* vector, double* result)
    {
        for (int i = 0; i < _planes; i++)
        {
            int o = i * TLanes.Count;
            TLanes.Store(Solved(i, TLanes.Load(_roots + o) * TLanes.Load(vector + o), result), result + o);
        }

        Unwhiten(result, result);
    }

    /// <summary>R L^-T times a whitened vector, which may be the target.</summary>
    public void Unwhiten(double* whitened, double* result)
    {
        int lanes = TLanes.Count;
        for (int i = _planes - 1; i >= 0; i--)
        {
            TLanes sum = TLanes.Load(whitened + (i * lanes));
            for (int j = i + 1; j < _planes; j++)
            {
                sum = TLanes.FusedMultiplyAdd(TLanes.Load(_factor + (((j * (j + 1) / 2) + i) * lanes)),
                    TLanes.Load(result + (j * lanes)), sum);
            }

            TLanes.Store(sum * TLanes.Load(_factor + (((i * (i + 1) / 2) + i) * lanes)), result + (i * lanes));
        }

        for (int i = 0; i < _planes; i++)
        {
            TLanes.Store(TLanes.Load(result + (i * lanes)) * TLanes.Load(_roots + (i * lanes)), result + (i * lanes));
        }
    }

    // Row i of a forward substitution whose earlier rows are in place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Solved(int i, TLanes right, double* solved)
    {
        double* row = _factor + (i * (i + 1) / 2 * TLanes.Count);
        for (int j = 0; j < i; j++)
        {
            right = TLanes.FusedMultiplyAdd(TLanes.Load(row + (j * TLanes.Count)), TLanes.Load(solved + (j * TLanes.Count)), right);
        }

        return right * TLanes.Load(row + (i * TLanes.Count));
    }

    // Cholesky's factor column by column, four rows at a time: their sums do not wait for each other.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Factor(ReadOnlySpan<double> scattering, TLanes square)
    {
        int lanes = TLanes.Count;
        TLanes zero = TLanes.Broadcast(0);
        TLanes one = TLanes.Broadcast(1);
        for (int j = 0; j < _planes; j++)
        {
            double* column = _factor + (j * (j + 1) / 2 * lanes);
            TLanes rootJ = TLanes.Load(_roots + (j * lanes)) * square;
            TLanes diagonal = TLanes.FusedMultiplyAdd(TLanes.Broadcast(scattering[(j * _planes) + j]) * rootJ,
                TLanes.Load(_roots + (j * lanes)), one);
            for (int k = 0; k < j; k++)
            {
                TLanes l = TLanes.Load(column + (k * lanes));
                diagonal -= l * l;
            }

            TLanes inverse = one / TLanes.Sqrt(diagonal);
            TLanes.Store(inverse, column + (j * lanes));
            TLanes minus = zero - inverse;
            int i = j + 1;
            for (; i + 4 <= _planes; i += 4)
            {
                double* r0 = _factor + (i * (i + 1) / 2 * lanes);
                double* r1 = r0 + ((i + 1) * lanes);
                double* r2 = r1 + ((i + 2) * lanes);
                double* r3 = r2 + ((i + 3) * lanes);
                TLanes s0 = Element(scattering, i, j, rootJ);
                TLanes s1 = Element(scattering, i + 1, j, rootJ);
                TLanes s2 = Element(scattering, i + 2, j, rootJ);
                TLanes s3 = Element(scattering, i + 3, j, rootJ);
                for (int k = 0; k < j; k++)
                {
                    int o = k * lanes;
                    TLanes l = zero - TLanes.Load(column + o);
                    s0 = TLanes.FusedMultiplyAdd(l, TLanes.Load(r0 + o), s0);
                    s1 = TLanes.FusedMultiplyAdd(l, TLanes.Load(r1 + o), s1);
                    s2 = TLanes.FusedMultiplyAdd(l, TLanes.Load(r2 + o), s2);
                    s3 = TLanes.FusedMultiplyAdd(l, TLanes.Load(r3 + o), s3);
                }

                TLanes.Store(s0 * minus, r0 + (j * lanes));
                TLanes.Store(s1 * minus, r1 + (j * lanes));
                TLanes.Store(s2 * minus, r2 + (j * lanes));
                TLanes.Store(s3 * minus, r3 + (j * lanes));
            }

            for (; i < _planes; i++)
            {
                double* row = _factor + (i * (i + 1) / 2 * lanes);
                TLanes sum = Element(scattering, i, j, rootJ);
                for (int k = 0; k < j; k++)
                {
                    sum = TLanes.FusedMultiplyAdd(zero - TLanes.Load(column + (k * lanes)), TLanes.Load(row + (k * lanes)), sum);
                }

                TLanes.Store(sum * minus, row + (j * lanes));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Element(ReadOnlySpan<double> scattering, int i, int j, TLanes rootJ) =>
        TLanes.Broadcast(scattering[(i * _planes) + j]) * rootJ * TLanes.Load(_roots + (i * TLanes.Count));
}
