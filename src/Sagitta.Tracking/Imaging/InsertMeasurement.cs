namespace Sagitta.Tracking.Imaging;

/// <summary>What an image says of one cylinder of a phantom. The stopping power comes from the difference to the box around all cylinders,
/// in which what shifts all path lengths alike (reactions before the calorimeter, air, the first layer) falls out.</summary>
internal sealed record InsertMeasurement
{
    private const double Margin = 3;
    private const double Surroundings = 6;
    private const double LargestEdge = 6;

    public required PhantomCylinder Cylinder { get; init; }

    /// <summary>Stopping power relative to water that the phantom's file states.</summary>
    public required double Truth { get; init; }

    /// <summary>Mean water-equivalent path length more than 3 mm inside the edge, mm; NaN without protons there.</summary>
    public required RobustMean PathLength { get; init; }

    /// <summary>Measured stopping power relative to water.</summary>
    public required double Rsp { get; init; }

    /// <summary>Its statistical error.</summary>
    public required double RspError { get; init; }

    /// <summary>Standard deviation of the edge, mm: the error function that fits path length against the distance from the axis; NaN
    /// where the contrast does not tell.</summary>
    public required double Edge { get; init; }

    /// <summary>Standard deviation of the path length of one proton inside, mm.</summary>
    public double Noise => PathLength.Spread;

    /// <summary>Measured minus true stopping power over the true one.</summary>
    public double Bias => (Rsp / Truth) - 1;

    /// <summary>Measures every cylinder.</summary>
    public static IReadOnlyList<InsertMeasurement> Of(Phantom phantom, IReadOnlyList<ImagedProton> protons)
    {
        double[] outside = [.. protons.Where(p => Math.Abs(p.X) < (phantom.Box.X / 2) - Surroundings
            && Math.Abs(p.Y) < (phantom.Box.Y / 2) - Surroundings
            && phantom.Cylinders.All(c => Distance(c, p) > c.Radius + Surroundings)).Select(p => p.PathLength)];
        RobustMean box = RobustMean.Of(outside);
        double boxPower = phantom.Materials[phantom.Box.Material].Rsp;
        return [.. phantom.Cylinders.Select(cylinder =>
        {
            double[] inside = [.. protons.Where(p => Distance(cylinder, p) < Math.Max(cylinder.Radius - Margin, cylinder.Radius / 3))
                .Select(p => p.PathLength)];
            RobustMean mean = RobustMean.Of(inside);
            return new InsertMeasurement
            {
                Cylinder = cylinder,
                Truth = phantom.StoppingPower(cylinder),
                PathLength = mean,
                Rsp = boxPower + ((mean.Value - box.Value) / cylinder.Length),
                RspError = Math.Sqrt((mean.Error * mean.Error) + (box.Error * box.Error)) / cylinder.Length,
                Edge = EdgeOf(cylinder, mean, box, protons),
            };
        })];
    }

    /// <summary>The mean of one cylinder's measurements by several methods that saw the same protons; errors are those of one, and the
    /// spread of methods.</summary>
    public static InsertMeasurement Mean(IReadOnlyList<InsertMeasurement> seeds)
    {
        double rsp = seeds.Average(seed => seed.Rsp);
        double spread = seeds.Count < 2 ? 0 : seeds.Sum(seed => Math.Pow(seed.Rsp - rsp, 2)) / (seeds.Count - 1.0) / seeds.Count;
        double Average(Func<RobustMean, double> value) => seeds.Average(seed => value(seed.PathLength));
        return seeds[0] with
        {
            Rsp = rsp,
            RspError = Math.Sqrt(seeds.Average(seed => seed.RspError * seed.RspError) + spread),
            Edge = seeds.Select(seed => seed.Edge).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average(),
            PathLength = new(Average(p => p.Value), Average(p => p.Error), Average(p => p.Spread), (int)Average(p => p.Count)),
        };
    }

    /// <summary>The error function to an accuracy of 1.5e-7 (Abramowitz and Stegun 7.1.26).</summary>
    internal static double ErrorFunction(double x)
    {
        double t = 1 / (1 + (0.3275911 * Math.Abs(x)));
        double rest = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
        return Math.CopySign(1 - (rest * Math.Exp(-x * x)), x);
    }

    private static double Distance(PhantomCylinder cylinder, ImagedProton proton) =>
        Math.Sqrt(Math.Pow(proton.X - cylinder.X, 2) + Math.Pow(proton.Y - cylinder.Y, 2));

    private static double EdgeOf(PhantomCylinder cylinder, RobustMean inside, RobustMean outside, IReadOnlyList<ImagedProton> protons)
    {
        double contrast = inside.Value - outside.Value;
        if (!(Math.Abs(contrast) > outside.Spread))
        {
            return double.NaN;
        }

        // Both levels are known; the spread is the one with the least squares. Protons beyond both levels reacted.
        double low = Math.Min(inside.Value, outside.Value) - (3 * outside.Spread);
        double high = Math.Max(inside.Value, outside.Value) + (3 * outside.Spread);
        (double Out, double Length)[] near = [.. protons
            .Select(p => (Out: Distance(cylinder, p) - cylinder.Radius, p.PathLength))
            .Where(p => Math.Abs(p.Out) < Surroundings && p.PathLength > low && p.PathLength < high)];
        double Squares(double spread) => near.Sum(p => Math.Pow(
            p.Length - outside.Value - (contrast * (1 - ErrorFunction(p.Out / (Math.Sqrt(2) * spread))) / 2), 2));
        double edge = Enumerable.Range(1, (int)(LargestEdge / 0.05)).Select(i => 0.05 * i).MinBy(Squares);
        return near.Length > 10 && edge < LargestEdge - 0.1 ? edge : double.NaN;
    }
}
