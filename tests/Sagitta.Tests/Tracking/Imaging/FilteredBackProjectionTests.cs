namespace Sagitta.Tests.Tracking.Imaging;

public sealed class FilteredBackProjectionTests
{
    private const double Radius = 30;
    private const double Inner = 8;
    private const double Place = 12;

    // A disc of 1 with a smaller one of 1.5 more inside, off the axis: projections are chords.
    private static double[][] Projections(FilteredBackProjection back, int angles) => [.. Enumerable.Range(0, angles).Select(angle =>
    {
        double centre = Place * Math.Cos(Math.PI * angle / angles);
        return back.Bins.Select(s => Chord(Radius, s) + (1.5 * Chord(Inner, s - centre))).ToArray();
    })];

    [Fact]
    public void Discs_have_their_values_at_their_places()
    {
        FilteredBackProjection back = new(80, 1);
        double[] at = [.. Enumerable.Range(-38, 77).Select(i => (double)i)];
        double[] slice = back.Slice(Projections(back, 180), at);
        double Mean(double x, double y, double radius) => Enumerable.Range(0, slice.Length)
            .Where(i => Math.Pow(at[i % at.Length] - x, 2) + Math.Pow(at[i / at.Length] - y, 2) < radius * radius).Average(i => slice[i]);
        Assert.Equal(2.5, Mean(Place, 0, 5), 0.02);
        Assert.Equal(1, Mean(-10, 10, 6), 0.01);
        Assert.Equal(1, Mean(-10, -10, 6), 0.01);
        Assert.Equal(0, Mean(0, 35, 2), 0.02);
    }

    [Fact]
    public void A_wide_disc_is_exact_to_a_thousandth()
    {
        // Bins hold means of chords, as those of protons do.
        FilteredBackProjection back = new(100, 2);
        double[] chords = [.. back.Bins.Select(s => Enumerable.Range(-2, 5).Average(k => Chord(65, s + (0.4 * k))))];
        double[] at = [.. Enumerable.Range(-32, 65).Select(i => 2.0 * i)];
        double[] slice = back.Slice([.. Enumerable.Repeat(chords, 180)], at);
        Assert.Equal(1, Enumerable.Range(0, slice.Length).Where(i => Math.Pow(at[i % at.Length], 2) + Math.Pow(at[i / at.Length], 2)
            < 62 * 62).Average(i => slice[i]), 0.001);
    }

    [Fact]
    public void Error_of_a_mean_is_the_spread_of_noisy_slices()
    {
        const int Angles = 40;
        FilteredBackProjection back = new(40, 2);
        double[] at = [.. Enumerable.Range(-9, 19).Select(i => 2.0 * i)];
        double[][] clean = Projections(back, Angles);
        (double X, double Y)[] points = [.. at.SelectMany(x => at.Select(y => (x, y)))
            .Where(p => Math.Pow(p.x - Place, 2) + (p.y * p.y) < 25)];
        int[] pixels = [.. points.Select(p => (Array.IndexOf(at, p.Y) * at.Length) + Array.IndexOf(at, p.X))];
        RandomDraws draws = RandomKey.FromSeed(3).Draws();
        List<double> means = [];
        for (int replica = 0; replica < 200; replica++)
        {
            double[][] noisy = new double[Angles][];
            for (int angle = 0; angle < Angles; angle++)
            {
                noisy[angle] = new double[clean[angle].Length];
                for (int bin = 0; bin < noisy[angle].Length; bin++)
                {
                    noisy[angle][bin] = clean[angle][bin] + (2 * draws.NextGaussian());
                }
            }

            double[] slice = back.Slice(noisy, at);
            means.Add(pixels.Average(pixel => slice[pixel]));
        }

        double[][] errors = [.. clean.Select(row => row.Select(_ => 2.0).ToArray())];
        double mean = means.Average();
        double spread = Math.Sqrt(means.Sum(m => (m - mean) * (m - mean)) / (means.Count - 1));
        Assert.InRange(back.MeanError(errors, points) / spread, 0.8, 1.25);
    }

    private static double Chord(double radius, double s) => 2 * Math.Sqrt(Math.Max(0, (radius * radius) - (s * s)));
}
