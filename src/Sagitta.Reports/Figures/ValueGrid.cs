namespace Sagitta.Reports.Figures;

/// <summary>Values at the nodes of a rectangular grid.</summary>
internal sealed record ValueGrid
{
    /// <summary>Holds values row by row: the value at X[i], Y[j] is <c>values[j * x.Count + i]</c>; NaN marks a missing one.</summary>
    /// <param name="x">Ascending abscissae, two or more.</param>
    /// <param name="y">Ascending ordinates, two or more.</param>
    /// <param name="values">One per node.</param>
    public ValueGrid(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<double> values)
    {
        if (x.Count < 2 || y.Count < 2 || values.Count != x.Count * y.Count)
        {
            throw new ArgumentException(
                $"A grid needs two or more x and y and a value for each pair, not {x.Count}, {y.Count} and {values.Count}.", nameof(
                values));
        }

        (X, Y, Values) = (x, y, values);
    }

    /// <summary>Abscissae of the nodes.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>Ordinates of the nodes.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>Values, row by row.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The value at X[i], Y[j].</summary>
    public double this[int i, int j] => Values[(j * X.Count) + i];

    /// <summary>A grid filled from a function of x and y.</summary>
    public static ValueGrid From(IReadOnlyList<double> x, IReadOnlyList<double> y, Func<double, double, double> function)
    {
        double[] values = new double[x.Count * y.Count];
        for (int j = 0; j < y.Count; j++)
        {
            for (int i = 0; i < x.Count; i++)
            {
                values[(j * x.Count) + i] = function(x[i], y[j]);
            }
        }

        return new ValueGrid(x, y, values);
    }

    /// <summary>The smallest and the largest finite value; (NaN, NaN) if there is none.</summary>
    public (double Low, double High) Range(bool positiveOnly = false)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (double value in Values)
        {
            if (double.IsFinite(value) && (!positiveOnly || value > 0))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        return low <= high ? (low, high) : (double.NaN, double.NaN);
    }
}
