namespace Sagitta.Tracking.Endcap.Fitting;

/// <summary>
/// A first track from measurements alone. One linear least squares gives a line in y for each station and a common parabola in x;
/// q/p follows from how far later stations lie off the first one's line, over the field integrated twice along the path that the lines
/// show.
/// </summary>
internal static class EndcapSeed
{
    private const int MostStations = 6;
    private const int XTerms = 3;
    private const double Weak = 1e-12;
    private const double QuadratureStep = 200;

    /// <summary>False where the measurements determine no such lines.</summary>
    public static bool TryFind(EndcapDetector detector, ReadOnlySpan<double> measured, ReadOnlySpan<double> weights, out TrackState seed)
    {
        seed = default;
        int stations = detector.Strips.StationCount;
        if (stations > MostStations)
        {
            return false;
        }

        int n = (2 * stations) + XTerms;
        Span<double> matrix = stackalloc double[n * n];
        Span<double> right = stackalloc double[n];
        Span<double> row = stackalloc double[n];
        Span<double> centre = stackalloc double[stations];
        double begin = detector.ReferenceZ;
        double length = detector.Planes[^1].Z - begin;
        matrix.Clear();
        right.Clear();
        for (int i = 0; i < stations; i++)
        {
            centre[i] = i == 0 ? begin : detector.Planes[detector.Strips.MiddlePlane(i)].Z;
        }

        for (int i = 0; i < measured.Length; i++)
        {
            if (!(weights[i] > 0))
            {
                continue;
            }

            EndcapPlane plane = detector.Planes[i];
            double along = (plane.Z - begin) / length;
            int s = 2 * plane.Station;
            row.Clear();
            row[s] = plane.Cosine;
            row[s + 1] = plane.Cosine * (plane.Z - centre[plane.Station]);
            row[^3] = plane.Sine;
            row[^2] = plane.Sine * along;
            row[^1] = plane.Sine * along * along;
            double value = measured[i] - plane.Offset;
            for (int a = s; a < n; a = a == s + 1 ? n - XTerms : a + 1)
            {
                right[a] += weights[i] * row[a] * value;
                for (int b = s; b < n; b = b == s + 1 ? n - XTerms : b + 1)
                {
                    matrix[(a * n) + b] += weights[i] * row[a] * row[b];
                }
            }
        }

        // What nothing measures becomes zero.
        for (int a = 0; a < n; a++)
        {
            matrix[(a * n) + a] += Weak + (Weak * matrix[(a * n) + a]);
        }

        if (!SymmetricSystem.TryFactor(matrix, n, 1e-14))
        {
            return false;
        }

        SymmetricSystem.SolveFactored(matrix, n, right);
        ReadOnlySpan<double> x = right[^XTerms..];
        seed = new(x[0], right[0], x[1] / length, right[1], QOverP(detector, right, centre, length));
        return double.IsFinite(seed.X + seed.Y + seed.Tx + seed.Ty + seed.QOverP);
    }

    private static double QOverP(EndcapDetector detector, ReadOnlySpan<double> lines, ReadOnlySpan<double> centre, double length)
    {
        double slope = 0;
        double displacement = 0;
        double numerator = 0;
        double denominator = 0;
        ReadOnlySpan<double> x = lines[^XTerms..];
        for (int s = 1; s < centre.Length; s++)
        {
            (double from, double to) = (centre[s - 1], centre[s]);
            int steps = (int)Math.Ceiling((to - from) / QuadratureStep);
            double h = (to - from) / steps;
            ReadOnlySpan<double> ends = lines.Slice(2 * (s - 1), 4);
            for (int i = 0; i < steps; i++)
            {
                double u = (i + 0.5) / steps;
                double z = from + (u * (to - from));
                double along = (z - centre[0]) / length;
                (double y, double ty) = Hermite(ends, to - from, u);
                TrackState at = new(x[0] + (along * (x[1] + (along * x[2]))), y, (x[1] + (2 * along * x[2])) / length, ty, 1);
                double bend = NystroemStep.Curvature(detector.Field.Value(at.X, at.Y, z), 1, at).Y;
                displacement += h * (slope + (h / 2 * bend));
                slope += h * bend;
            }

            // Errors grow with the distance, as that of the first line's slope does.
            double distance = to - centre[0];
            double off = lines[2 * s] - lines[0] - (lines[1] * distance);
            numerator += off * displacement / (distance * distance);
            denominator += displacement * displacement / (distance * distance);
        }

        return denominator > 0 ? numerator / denominator : 0;
    }

    // The cubic through two stations' places and slopes.
    private static (double Y, double Slope) Hermite(ReadOnlySpan<double> ends, double length, double u)
    {
        double difference = ends[2] - ends[0];
        double a = (ends[1] * length) - difference;
        double b = difference - (ends[3] * length);
        double v = 1 - u;
        return ((v * ends[0]) + (u * ends[2]) + (u * v * ((a * v) + (b * u))),
            (difference + ((1 - (2 * u)) * ((a * v) + (b * u))) + (u * v * (b - a))) / length);
    }
}
