using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Design;

/// <summary>
/// Sizes of the stereo angles of an endcap's planes: the mean over muons, or pairs of them, of the logarithm of the bound on the relative
/// error of q/p, or of a pair's mass. Signs of the angles stay.
/// </summary>
internal sealed class StereoDesign : DesignProblem
{
    private const int N = TrackState.Count;
    private readonly IReadOnlyList<DesignTerm> _terms;
    private readonly double[] _sigma;
    private readonly int[] _free;

    /// <param name="detector">The detector, whose file says which angles may change.</param>
    /// <param name="terms">What is to be measured well: each a sum of independent variances.</param>
    public StereoDesign(EndcapDetector detector, IReadOnlyList<DesignTerm> terms)
    {
        (Detector, _terms) = (detector, terms);
        _sigma = [.. Enumerable.Repeat(detector.Strips.NominalResolution, detector.Planes.Count)];
        _free = [.. Enumerable.Range(0, detector.Planes.Count).Where(i => detector.Planes[i].StereoBetween is not null)];
    }

    /// <summary>The detector.</summary>
    public EndcapDetector Detector { get; }

    /// <inheritdoc />
    public override int Count => _free.Length;

    /// <inheritdoc />
    public override double Resolution => 1e-7;

    /// <summary>Sizes of the free angles, rad.</summary>
    public double[] Values => [.. _free.Select(i => Math.Abs(Detector.Planes[i].StereoAngle))];

    /// <summary>The detector with these sizes of the free angles.</summary>
    public EndcapDetector At(ReadOnlySpan<double> values)
    {
        double[] size = values.ToArray();
        return Detector.With((plane, i) => (plane.Z, Array.IndexOf(_free, i) is >= 0 and int k
            ? Math.CopySign(size[k], plane.StereoAngle) : plane.StereoAngle, plane.Offset));
    }

    /// <inheritdoc />
    public override double Evaluate(ReadOnlySpan<double> values, Span<double> gradient)
    {
        EndcapDetector at = At(values);
        EndcapModel model = new(at);

        // Derivatives of u by the angle are what strips at a right angle would measure.
        EndcapModel across = new(at.With((plane, _) => (plane.Z, plane.StereoAngle + (Math.PI / 2), 0)));
        double[] own = new double[at.Planes.Count];
        double sum = 0;
        gradient.Clear();
        foreach (DesignTerm term in _terms)
        {
            own.AsSpan().Clear();
            double variance = 0;
            foreach ((TrackState state, double[] weights) in term.Parts)
            {
                variance += Variance(model, across, state, weights, own);
            }

            if (!(variance > 0))
            {
                return double.PositiveInfinity;
            }

            sum += Math.Log(variance) / 2 / _terms.Count;
            for (int k = 0; k < gradient.Length; k++)
            {
                gradient[k] += Math.Sign(at.Planes[_free[k]].StereoAngle) * own[_free[k]] / variance / 2 / _terms.Count;
            }
        }

        return sum;
    }

    /// <inheritdoc />
    public override void Project(Span<double> values)
    {
        for (int k = 0; k < values.Length; k++)
        {
            (double low, double high) = Detector.Planes[_free[k]].StereoBetween!.Value;
            values[k] = Math.Clamp(values[k], low, high);
        }
    }

    /// <summary>The error of each term, as the square root of its variance.</summary>
    public double[] Errors()
    {
        EndcapModel model = new(Detector);
        return [.. _terms.Select(term => Math.Sqrt(term.Parts.Sum(part => Variance(model, null, part.State, part.Weights, []))))];
    }

    // w^T C w with C the inverse of the information A^T V^-1 A; with c = C w and x = V^-1 A c its differential is -2 x^T dA c + x^T dV x.
    private double Variance(EndcapModel model, EndcapModel? across, in TrackState state, double[] weights, Span<double> toAngle)
    {
        int n = model.PlaneCount;
        double[] none = new double[n];
        EndcapPrediction rows = new(n);
        if (!model.TryPredict(state, 1, none, rows, scattering: true))
        {
            return double.NaN;
        }

        double[] covariance = new double[n * n];
        double[] whitened = new double[N * n];
        for (int i = 0; i < n; i++)
        {
            Vector512<double> carried = rows.Scattering[i].Times(rows.Rows[i]);
            for (int j = i; j < n; j++)
            {
                covariance[(j * n) + i] = Vector512.Sum(carried * rows.Rows[j]) + (i == j ? _sigma[i] * _sigma[i] : 0);
            }

            for (int a = 0; a < N; a++)
            {
                whitened[(a * n) + i] = rows.Rows[i][a];
            }
        }

        double[] information = new double[N * N];
        if (!SymmetricSystem.TryFactor(covariance, n, 1e-15))
        {
            return double.NaN;
        }

        for (int a = 0; a < N; a++)
        {
            SymmetricSystem.SolveLower(covariance, n, whitened.AsSpan(a * n, n));
            for (int b = 0; b <= a; b++)
            {
                information[(a * N) + b] = information[(b * N) + a] = System.Numerics.Tensors.TensorPrimitives.Dot<double>(
                    whitened.AsSpan(a * n, n), whitened.AsSpan(b * n, n));
            }
        }

        if (!SymmetricSystem.TryFactor(information, N, 1e-15))
        {
            return double.NaN;
        }

        double[] c = [.. weights];
        SymmetricSystem.SolveFactored(information, N, c);
        if (across is not null)
        {
            AddGradient(across, state, rows, covariance, whitened, c, toAngle);
        }

        return c.Zip(weights, (a, b) => a * b).Sum();
    }

    private static void AddGradient(EndcapModel across, in TrackState state, EndcapPrediction rows, double[] factor, double[] whitened,
        double[] c, Span<double> toAngle)
    {
        int n = across.PlaneCount;
        double[] x = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int a = 0; a < N; a++)
            {
                x[i] += whitened[(a * n) + i] * c[a];
            }
        }

        SymmetricSystem.SolveUpper(factor, n, x);
        EndcapPrediction turned = new(n);
        _ = across.TryPredict(state, 1, new double[n], turned, scattering: false);
        Vector512<double> column = Vector512.Create(c[0], c[1], c[2], c[3], c[4], 0, 0, 0);
        for (int i = 0; i < n; i++)
        {
            Vector512<double> by = -column;
            for (int j = 0; j < n; j++)
            {
                by += rows.Scattering[Math.Min(i, j)].Times(rows.Rows[j]) * x[j];
            }

            toAngle[i] += 2 * x[i] * Vector512.Sum(turned.Rows[i] * by);
        }
    }
}

/// <summary>A relative error: independent parts whose variances add, each w^T C w with C the covariance of a muon at the first
/// plane.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Parts">Muons at the first plane and weights of their five parameters.</param>
internal sealed record DesignTerm(string Name, IReadOnlyList<(TrackState State, double[] Weights)> Parts)
{
    /// <summary>The error of q/p over its value, for a muon that leaves the origin with these slopes; null where it does not reach the
    /// last plane.</summary>
    public static DesignTerm? Momentum(EndcapModel model, double momentum, double tx, double ty) =>
        Start(model, momentum, tx, ty, 1) is { } state
            ? new(string.Create(CultureInfo.InvariantCulture, $"q/p of {momentum} GeV at dy/dz = {ty:0.##}"),
                [(state, [0, 0, 0, 0, 1 / state.QOverP])]) : null;

    /// <summary>
    /// The error of a pair's mass over its value: m^2 = 2 p1 p2 (1 - cos) of two muons of opposite charge from the origin, whose directions
    /// are those of their places at the first plane.
    /// </summary>
    /// <param name="model">The detector.</param>
    /// <param name="momentum">Momentum of each, GeV.</param>
    /// <param name="ty">Mean dy/dz.</param>
    /// <param name="half">Half of the difference of their dx/dz.</param>
    public static DesignTerm? Mass(EndcapModel model, double momentum, double ty, double half)
    {
        if (Start(model, momentum, half, ty, 1) is not { } a || Start(model, momentum, -half, ty, -1) is not { } b)
        {
            return null;
        }

        double z = model.Detector.ReferenceZ;
        double LogarithmOfMass(TrackState p, TrackState q)
        {
            double product = 1 + ((p.X * q.X / z) + (p.Y * q.Y / z)) / z;
            double cosine = product / Math.Sqrt((1 + (((p.X * p.X) + (p.Y * p.Y)) / z / z)) * (1 + (((q.X * q.X) + (q.Y * q.Y)) / z / z)));
            return Math.Log(2 * (1 - cosine) / Math.Abs(p.QOverP * q.QOverP)) / 2;
        }

        const double Step = 0.1;
        double[] Weights(TrackState own, Func<TrackState, double> mass) =>
        [
            (mass(own with { X = own.X + Step }) - mass(own with { X = own.X - Step })) / (2 * Step),
            (mass(own with { Y = own.Y + Step }) - mass(own with { Y = own.Y - Step })) / (2 * Step),
            0, 0, -1 / (2 * own.QOverP),
        ];
        return new(string.Create(CultureInfo.InvariantCulture,
            $"mass of two muons of {momentum} GeV, {Math.Exp(LogarithmOfMass(a, b)):0.##} GeV"),
            [(a, Weights(a, own => LogarithmOfMass(own, b))), (b, Weights(b, own => LogarithmOfMass(a, own)))]);
    }

    private static TrackState? Start(EndcapModel model, double momentum, double tx, double ty, int charge)
    {
        TrackState state = new(0, 0, tx, ty, charge / momentum);
        return new FieldTransport(model.Detector.Field).Carry(ref state, 0, model.Detector.ReferenceZ) == TransportStatus.Reached
            && model.TryPredict(state, 1, new double[model.PlaneCount], new(model.PlaneCount), scattering: false) ? state : null;
    }
}
