namespace Sagitta.Reports.Figures;

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
