namespace Sagitta.Reports.Figures;

/// <summary>Measured points, with error bars where given.</summary>
/// <param name="X">Abscissae.</param>
/// <param name="Y">Ordinates, as many.</param>
internal sealed record Points(IReadOnlyList<double> X, IReadOnlyList<double> Y) : Mark
{
    /// <summary>Error bars to the left (lengths, not ends); empty for none.</summary>
    public IReadOnlyList<double> XErrorLow { get; init; } = [];

    /// <summary>Error bars to the right (lengths, not ends); empty for as to the left.</summary>
    public IReadOnlyList<double> XErrorHigh { get; init; } = [];

    /// <summary>Error bars downwards (lengths, not ends); empty for none.</summary>
    public IReadOnlyList<double> YErrorLow { get; init; } = [];

    /// <summary>Error bars upwards (lengths, not ends); empty for as downwards.</summary>
    public IReadOnlyList<double> YErrorHigh { get; init; } = [];

    /// <summary>Joins the points by a thin line to guide the eye.</summary>
    public bool Joined { get; init; }

    internal override Extent Extent(bool logarithmicX, bool logarithmicY)
    {
        Extent extent = Figures.Extent.Of(X, Y, logarithmicX, logarithmicY);
        for (int i = 0; i < X.Count; i++)
        {
            if (!double.IsFinite(X[i]) || !double.IsFinite(Y[i]))
            {
                continue;
            }

            (double low, double high) = ErrorX(i);
            extent = extent.WithX(X[i] - low, logarithmicX).WithX(X[i] + high, logarithmicX);
            (low, high) = ErrorY(i);
            extent = extent.WithY(Y[i] - low, logarithmicY).WithY(Y[i] + high, logarithmicY);
        }

        return extent;
    }

    internal (double Low, double High) ErrorX(int i)
    {
        double low = At(XErrorLow, i);
        return (low, XErrorHigh.Count == 0 ? low : At(XErrorHigh, i));
    }

    internal (double Low, double High) ErrorY(int i)
    {
        double low = At(YErrorLow, i);
        return (low, YErrorHigh.Count == 0 ? low : At(YErrorHigh, i));
    }

    private double At(IReadOnlyList<double> errors, int i)
    {
        if (errors.Count == 0)
        {
            return 0;
        }

        return errors.Count == X.Count
            ? double.IsFinite(errors[i]) ? Math.Max(0, errors[i]) : 0
            : throw new ArgumentException($"{X.Count} points need as many errors, not {errors.Count}.");
    }
}
