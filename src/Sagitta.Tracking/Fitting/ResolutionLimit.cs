namespace Sagitta.Tracking.Fitting;

/// <summary>
/// The Cramer-Rao bound on q/pT: the inverse of the information J^T V^-1 J about (y0, s0, q/pT) that measurements with covariance V hold, V
/// being the planes' resolution plus multiple scattering at that momentum. No unbiased fit does better.
/// </summary>
internal sealed class ResolutionLimit
{
    private readonly CircleGeometry _geometry;
    private readonly TrackMaterial _material;
    private readonly double[] _resolution;
    private readonly double _vertexSigma;

    /// <summary>The limit of a detector whose planes measure y with the same error.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="planeSigma">Resolution of a plane, mm.</param>
    /// <param name="vertexSigma">Error of y at z = 0 where a vertex constrains the track, mm; infinity without one.</param>
    public ResolutionLimit(Detector detector, double planeSigma, double vertexSigma = double.PositiveInfinity)
        : this(detector, Repeat(planeSigma, detector.Planes.Count), vertexSigma)
    {
    }

    /// <summary>The limit of a detector with a resolution (mm) for each plane.</summary>
    public ResolutionLimit(Detector detector, ReadOnlySpan<double> planeSigmas, double vertexSigma = double.PositiveInfinity)
    {
        if (planeSigmas.Length != detector.Planes.Count)
        {
            throw new ArgumentException(
                $"Detector '{detector.Name}' has {detector.Planes.Count} planes, but {planeSigmas.Length} resolutions were given.", nameof(
                planeSigmas));
        }

        _geometry = CircleGeometry.Of(detector);
        _material = new(detector);
        _resolution = planeSigmas.ToArray();
        _vertexSigma = vertexSigma;
    }

    /// <summary>The standard deviation of q/pT over its value, for a track along z of that pT (GeV); NaN where the circle does not reach
    /// the last plane.</summary>
    public double Relative(double pt) => Sigma(1 / pt) * pt;

    /// <summary>The standard deviation of q/pT in 1/GeV at a true value in 1/GeV (not 0).</summary>
    public double Sigma(double qOverPt) => Math.Sqrt(Variance(qOverPt, []));

    /// <summary>
    /// The variance of q/pT, 1/GeV^2, and its derivatives by the planes' z: with c the column of q/pT in the inverse of the information
    /// and x = V^-1 J c, dc_q = -2 x^T dJ c + x^T dV x. A plane's gap and supports move with it, and the medium gives way.
    /// </summary>
    /// <param name="qOverPt">True value, 1/GeV, not 0.</param>
    /// <param name="toZ">Receives a derivative a plane, 1/(GeV^2 mm); empty where nobody asks.</param>
    public double Variance(double qOverPt, Span<double> toZ)
    {
        int n = _geometry.PlaneCount;
        bool vertex = double.IsFinite(_vertexSigma);
        int rows = n + (vertex ? 1 : 0);
        double[] covariance = new double[rows * rows];
        double[] jacobian = new double[TrackParameter.Count * rows];
        double scatter = qOverPt * qOverPt;
        double factor = _geometry.CurvaturePerQOverPt;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                covariance[(i * rows) + j] = (scatter * _material.Scattering[(i * n) + j]) + (i == j ? _resolution[i] * _resolution[i] : 0);
            }

            if (!CirclePoint.TryEvaluate(_geometry.Z[i], 0, qOverPt * factor, out CirclePoint point))
            {
                return double.NaN;
            }

            jacobian[i] = 1;
            jacobian[rows + i] = point.BySlope;
            jacobian[(2 * rows) + i] = point.ByCurvature * factor;
        }

        if (vertex)
        {
            covariance[^1] = _vertexSigma * _vertexSigma;
            jacobian[n] = 1;
        }

        if (!SymmetricSystem.TryFactor(covariance, rows, 1e-15))
        {
            return double.NaN;
        }

        // With V = L L^T and columns A = L^-1 J, the information is A^T A.
        for (int k = 0; k < TrackParameter.Count; k++)
        {
            SymmetricSystem.SolveLower(covariance, rows, jacobian.AsSpan(k * rows, rows));
        }

        double[] information = new double[TrackParameter.Count * TrackParameter.Count];
        for (int a = 0; a < TrackParameter.Count; a++)
        {
            for (int b = 0; b < TrackParameter.Count; b++)
            {
                for (int i = 0; i < rows; i++)
                {
                    information[(a * TrackParameter.Count) + b] += jacobian[(a * rows) + i] * jacobian[(b * rows) + i];
                }
            }
        }

        if (!SymmetricSystem.TryFactor(information, TrackParameter.Count, 1e-15))
        {
            return double.NaN;
        }

        double[] unit = new double[TrackParameter.Count];
        unit[TrackParameter.QOverPt] = 1;
        SymmetricSystem.SolveFactored(information, TrackParameter.Count, unit);
        if (!toZ.IsEmpty)
        {
            Differentiate(qOverPt, unit, covariance, jacobian, rows, toZ);
        }

        return unit[TrackParameter.QOverPt];
    }

    // Covariance holds L, and the columns of the Jacobian are L^-1 J.
    private void Differentiate(double qOverPt, ReadOnlySpan<double> column, ReadOnlySpan<double> factor, ReadOnlySpan<double> whitened,
        int rows, Span<double> toZ)
    {
        int n = _geometry.PlaneCount;
        double[] x = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            for (int a = 0; a < TrackParameter.Count; a++)
            {
                x[i] += whitened[(a * rows) + i] * column[a];
            }
        }

        SymmetricSystem.SolveUpper(factor, rows, x);
        double curvature = _geometry.CurvaturePerQOverPt;
        double[] onScattering = new double[n * n];
        toZ.Clear();
        for (int i = 0; i < n; i++)
        {
            _ = CirclePoint.TryEvaluate(_geometry.Z[i], 0, qOverPt * curvature, out CirclePoint point);
            toZ[i] = -2 * x[i] * point.InverseCosineCubed
                * (column[TrackParameter.Slope] + (column[TrackParameter.QOverPt] * curvature * _geometry.Z[i]));
            for (int j = 0; j < n; j++)
            {
                onScattering[(i * n) + j] = qOverPt * qOverPt * x[i] * x[j];
            }
        }

        _material.PullBack(onScattering, new double[n], toZ);
        double byStrength = 0;
        for (int k = 0; k < onScattering.Length; k++)
        {
            byStrength += onScattering[k] * _material.Scattering[k];
        }

        toZ[^1] += byStrength * _material.LogarithmByLastPlane;
    }

    private static double[] Repeat(double value, int count)
    {
        double[] values = new double[count];
        Array.Fill(values, value);
        return values;
    }
}

/// <summary>
/// The limit as a smooth function of momentum, tabulated once: sigma(q/pT) for losses and normalised residuals. Linear in ln pT between the
/// knots for the logarithm of the relative error, and continued beyond the ends with the last value.
/// </summary>
internal sealed class ReferenceResolution
{
    private const int KnotsPerOctave = 8;
    private readonly double[] _logRelative;
    private readonly double _logLow;

    /// <summary>Tabulates <paramref name="limit"/> from <paramref name="lowPt"/> to <paramref name="highPt"/> GeV.</summary>
    public ReferenceResolution(ResolutionLimit limit, double lowPt = 2, double highPt = 500)
    {
        int knots = (int)Math.Ceiling(Math.Log2(highPt / lowPt) * KnotsPerOctave) + 1;
        _logRelative = new double[knots];
        _logLow = Math.Log2(lowPt);
        for (int k = 0; k < knots; k++)
        {
            double pt = lowPt * Math.Pow(2, (double)k / KnotsPerOctave);
            double relative = limit.Relative(pt);
            _logRelative[k] = double.IsFinite(relative)
                ? Math.Log(relative)
                : throw new ArgumentOutOfRangeException(nameof(lowPt), lowPt,
                    $"A track of {pt} GeV does not reach the last plane: begin the table above it.");
        }
    }

    /// <summary>Relative standard deviation of q/pT at a pT in GeV.</summary>
    public double Relative(double pt)
    {
        double position = Math.Clamp((Math.Log2(pt) - _logLow) * KnotsPerOctave, 0, _logRelative.Length - 1);
        int knot = Math.Min((int)position, _logRelative.Length - 2);
        double fraction = position - knot;
        return Math.Exp(((1 - fraction) * _logRelative[knot]) + (fraction * _logRelative[knot + 1]));
    }

    /// <summary>Standard deviation of q/pT (1/GeV) at a true q/pT (1/GeV, not 0).</summary>
    public double Sigma(double qOverPt) => Relative(1 / Math.Abs(qOverPt)) * Math.Abs(qOverPt);
}
