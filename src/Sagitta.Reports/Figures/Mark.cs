namespace Sagitta.Reports.Figures;

/// <summary>Something drawn in a panel from data. Points with a coordinate that is not finite are left out.</summary>
internal abstract record Mark
{
    /// <summary>Text in the legend; empty keeps the mark out of it.</summary>
    public string Label { get; init; } = "";

    /// <summary>Which colour of the palette, from 0; it also chooses the marker's shape, so that colour is never the only difference. <see
    /// cref="Palette.Neutral"/> draws in the colour of the text.</summary>
    public int Series { get; init; }

    /// <summary>The smallest box around the data: what an axis without given ends must show.</summary>
    internal abstract Extent Extent(bool logarithmicX, bool logarithmicY);
}

/// <summary>How a line is drawn.</summary>
internal enum LineStyle
{
    Solid,
    Dashed,
}

/// <summary>A box around data; empty where low exceeds high.</summary>
internal readonly record struct Extent(double XLow, double XHigh, double YLow, double YHigh)
{
    public static Extent Empty { get; } = new(double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity,
        double.NegativeInfinity);

    /// <summary>The box extended to a point along x; a value that cannot be drawn changes nothing.</summary>
    public Extent WithX(double x, bool logarithmic) => Drawable(x, logarithmic)
        ? this with { XLow = Math.Min(XLow, x), XHigh = Math.Max(XHigh, x) }
        : this;

    /// <summary>The box extended to a point along y; a value that cannot be drawn changes nothing.</summary>
    public Extent WithY(double y, bool logarithmic) => Drawable(y, logarithmic)
        ? this with { YLow = Math.Min(YLow, y), YHigh = Math.Max(YHigh, y) }
        : this;

    /// <summary>The box around both.</summary>
    public Extent Union(Extent other) => new(
        Math.Min(XLow, other.XLow), Math.Max(XHigh, other.XHigh), Math.Min(YLow, other.YLow), Math.Max(YHigh, other.YHigh));

    /// <summary>The box around points.</summary>
    public static Extent Of(IReadOnlyList<double> x, IReadOnlyList<double> y, bool logarithmicX, bool logarithmicY)
    {
        if (x.Count != y.Count)
        {
            throw new ArgumentException($"A mark needs as many x as y, not {x.Count} and {y.Count}.", nameof(y));
        }

        Extent extent = Empty;
        for (int i = 0; i < x.Count; i++)
        {
            if (Drawable(x[i], logarithmicX) && Drawable(y[i], logarithmicY))
            {
                extent = extent.WithX(x[i], logarithmicX).WithY(y[i], logarithmicY);
            }
        }

        return extent;
    }

    private static bool Drawable(double value, bool logarithmic) => double.IsFinite(value) && (!logarithmic || value > 0);
}

/// <summary>A line through points in their order, broken where a point cannot be drawn.</summary>
internal sealed record Curve(IReadOnlyList<double> X, IReadOnlyList<double> Y) : Mark
{
    public LineStyle Style { get; init; }
    /// <summary>Marks the first and the last point, as a trajectory needs.</summary>
    public bool ShowEnds { get; init; }

    internal override Extent Extent(bool logarithmicX, bool logarithmicY) => Figures.Extent.Of(X, Y, logarithmicX, logarithmicY);
}

/// <summary>Contents of bins, drawn as steps; the bins' borders ascend and are one more than contents.</summary>
internal sealed record Histogram(IReadOnlyList<double> Edges, IReadOnlyList<double> Contents) : Mark
{
    /// <summary>Error bars at the bins' centres (half lengths); empty for none.</summary>
    public IReadOnlyList<double> Errors { get; init; } = [];
    /// <summary>Fills the area below with a light tint.</summary>
    public bool Filled { get; init; }

    internal override Extent Extent(bool logarithmicX, bool logarithmicY)
    {
        if (Edges.Count != Contents.Count + 1)
        {
            throw new ArgumentException($"{Contents.Count} bins need {Contents.Count + 1} edges, not {Edges.Count}.");
        }

        Extent extent = Edges.Aggregate(logarithmicY ? Figures.Extent.Empty : Figures.Extent.Empty.WithY(0, false),
            (box, edge) => box.WithX(edge, logarithmicX));
        for (int i = 0; i < Contents.Count; i++)
        {
            double error = Errors.Count == 0 ? 0 : Errors[i];
            extent = extent.WithY(Contents[i], logarithmicY).WithY(Contents[i] + error, logarithmicY);
        }

        return extent;
    }
}

/// <summary>Measured points, with error bars where given.</summary>
internal sealed record Points(IReadOnlyList<double> X, IReadOnlyList<double> Y) : Mark
{
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
            if (double.IsFinite(X[i]) && double.IsFinite(Y[i]))
            {
                (double low, double high) = ErrorY(i);
                extent = extent.WithY(Y[i] - low, logarithmicY).WithY(Y[i] + high, logarithmicY);
            }
        }

        return extent;
    }

    internal (double Low, double High) ErrorY(int i)
    {
        double low = At(YErrorLow, i);
        return (low, YErrorHigh.Count == 0 ? low : At(YErrorHigh, i));
    }

    private double At(IReadOnlyList<double> errors, int i) => errors.Count == 0 ? 0
        : errors.Count != X.Count ? throw new ArgumentException($"{X.Count} points need as many errors, not {errors.Count}.")
        : double.IsFinite(errors[i]) ? Math.Max(0, errors[i]) : 0;
}

/// <summary>A dashed straight line across the panel at one value, for a bound or a reference; vertical, its value is one of x. It does not
/// widen an axis by itself.</summary>
internal sealed record Rule(double Value, bool Vertical = false) : Mark
{
    internal override Extent Extent(bool logarithmicX, bool logarithmicY) => Figures.Extent.Empty;
}
