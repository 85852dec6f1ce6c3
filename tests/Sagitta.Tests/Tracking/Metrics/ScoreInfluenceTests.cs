namespace Sagitta.Tests.Tracking.Metrics;

public sealed class ScoreInfluenceTests
{
    [Fact]
    public void Influence_is_the_derivative_with_respect_to_the_weight_of_an_event()
    {
        (float[] scores, byte[] labels, int[] offsets) = Events(60, 1);
        RankedScores ranked = new(scores, labels);
        RocCurve curve = new(ranked);
        ScoreInfluence influence = ScoreInfluence.Of(ranked, offsets, curve);
        Assert.Equal(0, influence.Area.Sum(), 1e-12);
        Assert.Equal(0, influence.AveragePrecision.Sum(), 1e-12);

        // Every event n times, one of them n + 1 times: a weight of 1 + 1/n.
        const int Copies = 200;
        foreach (int e in new[] { 0, 7, 31 })
        {
            RocCurve heavier = Repeated(scores, labels, offsets, Copies, e);
            Assert.Equal(influence.Area[e], (heavier.Area - curve.Area) * Copies, 0.03 * Math.Abs(influence.Area[e]) + 1e-5);
            Assert.Equal(influence.AveragePrecision[e], (heavier.AveragePrecision - Repeated(
                scores, labels, offsets, Copies, -1).AveragePrecision) * Copies, 0.03 * Math.Abs(influence.AveragePrecision[e]) + 1e-5);
        }
    }

    [Fact]
    public void Influence_on_the_area_of_four_hits_is_that_of_a_computation_by_hand()
    {
        // Three of four pairs are in order; each hit is in two of them, which are 1, 1/2 or no share of its own.
        RankedScores ranked = new([1, 2, 3, 4], [0, 1, 0, 1]);
        ScoreInfluence influence = ScoreInfluence.Of(ranked, [0, 1, 2, 3, 4], new(ranked));
        Assert.Equal([0.125, -0.125, -0.125, 0.125], influence.Area);

        // Precision 1 at the highest and 2/3 at the second: of (w4 + w2 (w4 + w2) / (w4 + w3 + w2)) / (w4 + w2) the derivatives by weights
        // w of 1.
        Assert.Equal([0, -1, -4, 5], influence.AveragePrecision.Select(x => Math.Round(36 * x, 12)));
    }

    [Fact]
    public void Sum_of_squares_is_the_variance_of_a_bootstrap_over_events()
    {
        (float[] scores, byte[] labels, int[] offsets) = Events(150, 2);
        RankedScores ranked = new(scores, labels);
        ScoreInfluence influence = ScoreInfluence.Of(ranked, offsets, new(ranked));
        double area = EventBootstrap.Variance(150, 400, RandomKey.FromSeed(3), chosen =>
            Resampled(scores, labels, offsets, chosen.Span).Area);
        double precision = EventBootstrap.Variance(150, 400, RandomKey.FromSeed(3), chosen =>
            Resampled(scores, labels, offsets, chosen.Span).AveragePrecision);

        // A variance of 400 replicas is known to 7 %; the bound is three of these.
        Assert.Equal(1, influence.Area.Sum(x => x * x) / area, 0.21);
        Assert.Equal(1, influence.AveragePrecision.Sum(x => x * x) / precision, 0.21);
    }

    private static RocCurve Repeated(float[] scores, byte[] labels, int[] offsets, int copies, int once)
    {
        int[] chosen = [.. Enumerable.Range(0, offsets.Length - 1).SelectMany(e => Enumerable.Repeat(e, e == once ? copies + 1 : copies))];
        return Resampled(scores, labels, offsets, chosen);
    }

    private static RocCurve Resampled(float[] scores, byte[] labels, int[] offsets, ReadOnlySpan<int> chosen)
    {
        List<float> s = [];
        List<byte> l = [];
        foreach (int e in chosen)
        {
            s.AddRange(scores[offsets[e]..offsets[e + 1]]);
            l.AddRange(labels[offsets[e]..offsets[e + 1]]);
        }

        return new([.. s], [.. l]);
    }

    private static (float[] Scores, byte[] Labels, int[] Offsets) Events(int count, ulong seed)
    {
        RandomDraws draws = RandomKey.FromSeed(seed).Draws();
        List<float> scores = [];
        List<byte> labels = [];
        List<int> offsets = [0];
        for (int e = 0; e < count; e++)
        {
            double quality = draws.NextUniform(0, 1.5);
            int hits = 3 + draws.NextIndex(6);
            for (int i = 0; i < hits; i++)
            {
                bool positive = i % 3 == 0;
                labels.Add(positive ? (byte)1 : (byte)0);

                // Rounded, so that some scores are equal.
                scores.Add((float)Math.Round(draws.NextUniform(-1, 1) + (positive ? quality : 0), 1));
            }

            offsets.Add(scores.Count);
        }

        return ([.. scores], [.. labels], [.. offsets]);
    }
}
