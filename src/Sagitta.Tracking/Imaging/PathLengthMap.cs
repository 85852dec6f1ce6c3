namespace Sagitta.Tracking.Imaging;

/// <summary>Water-equivalent path length as an image of square pixels, whose borders are whole multiples of their size. Rows go along y,
/// the lowest first.</summary>
internal sealed class PathLengthMap
{
    private const int MostPixels = 4_000_000;

    /// <summary>Sorts protons into pixels.</summary>
    /// <param name="protons">The protons.</param>
    /// <param name="pixel">Size of a pixel.</param>
    /// <param name="halfX">No pixel lies further than this from the axis in x.</param>
    /// <param name="halfY">The same in y.</param>
    public PathLengthMap(IReadOnlyList<ImagedProton> protons, double pixel, double halfX, double halfY)
    {
        ImagedProton[] inside = [.. protons.Where(p => Math.Abs(p.X) < halfX && Math.Abs(p.Y) < halfY)];
        int Index(double at) => (int)Math.Floor(at / pixel);
        (int left, int right) = inside.Length == 0 ? (0, -1) : (inside.Min(p => Index(p.X)), inside.Max(p => Index(p.X)));
        (int bottom, int top) = inside.Length == 0 ? (0, -1) : (inside.Min(p => Index(p.Y)), inside.Max(p => Index(p.Y)));
        if ((right - left + 1.0) * (top - bottom + 1.0) > MostPixels)
        {
            throw new BadInputException("--pixel", string.Create(CultureInfo.InvariantCulture,
                $"pixels of {pixel} mm make an image of more than {MostPixels}"), "give larger pixels");
        }

        X = [.. Enumerable.Range(left, right - left + 1).Select(i => (i + 0.5) * pixel)];
        Y = [.. Enumerable.Range(bottom, top - bottom + 1).Select(i => (i + 0.5) * pixel)];
        Value = new double[X.Length * Y.Length];
        Error = new double[Value.Length];
        Count = new int[Value.Length];
        List<double> differences = [];
        Array.Fill(Value, double.NaN);
        Array.Fill(Error, double.NaN);
        foreach (IGrouping<int, ImagedProton> group in inside.GroupBy(p => ((Index(p.Y) - bottom) * X.Length) + Index(p.X) - left))
        {
            double[] lengths = [.. group.Select(p => p.PathLength)];
            RobustMean mean = RobustMean.Of(lengths);
            (Value[group.Key], Count[group.Key]) = (mean.Value, mean.Count);
            Error[group.Key] = mean.Count > 3 ? mean.Error : group.Average(p => p.Error) / Math.Sqrt(mean.Count);
            if (mean.Count > 3)
            {
                // The mean follows its own numbers, which makes their differences to it smaller.
                double unbiased = Math.Sqrt(mean.Count / (mean.Count - 1.0));
                differences.AddRange(lengths.Select(length => unbiased * (length - mean.Value)));
            }
        }

        double[] ordered = [.. differences.Order()];
        Width = RobustMean.Width(ordered);
    }

    /// <summary>x of the middles of pixels.</summary>
    public double[] X { get; }

    /// <summary>y of the middles of pixels.</summary>
    public double[] Y { get; }

    /// <summary>Mean path length of each pixel; NaN without protons.</summary>
    public double[] Value { get; }

    /// <summary>Standard error of each mean; NaN without protons.</summary>
    public double[] Error { get; }

    /// <summary>Protons behind each mean.</summary>
    public int[] Count { get; }

    /// <summary>Half the range of the central 68 % of protons about the means of their pixels, of pixels with four or more.</summary>
    public double Width { get; }
}

/// <summary>One proton of an image: where it crossed the plane of the image, and its water-equivalent path length. Lengths in mm.</summary>
/// <param name="X">x in the plane of the image.</param>
/// <param name="Y">y there.</param>
/// <param name="PathLength">Water-equivalent path length of the object.</param>
/// <param name="Error">Its standard error.</param>
internal readonly record struct ImagedProton(double X, double Y, double PathLength, double Error);
