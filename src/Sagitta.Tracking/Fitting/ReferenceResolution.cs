namespace Sagitta.Tracking.Fitting;

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
