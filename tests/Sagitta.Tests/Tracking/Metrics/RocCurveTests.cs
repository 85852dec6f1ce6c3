namespace Sagitta.Tests.Tracking.Metrics;

public sealed class RocCurveTests
{
    [Fact]
    public void Area_is_the_probability_of_the_right_order()
    {
        RandomDraws draws = RandomKey.FromSeed(8).Draws();
        float[] scores = new float[300];
        byte[] labels = new byte[300];
        for (int i = 0; i < scores.Length; i++)
        {
            labels[i] = (byte)(draws.NextUniform() < 0.3 ? 1 : 0);

            // Few distinct values: many ties.
            scores[i] = draws.NextIndex(8) + (2 * labels[i]);
        }

        double ordered = 0, pairs = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            for (int j = 0; j < scores.Length; j++)
            {
                if (labels[i] == 1 && labels[j] == 0)
                {
                    pairs++;
                    ordered += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
        }

        RocCurve curve = new(scores, labels);
        Assert.Equal(ordered / pairs, curve.Area, 1e-12);
        double trapezium = 0;
        for (int k = 1; k < curve.FalsePositiveRate.Length; k++)
        {
            trapezium += (curve.FalsePositiveRate[k] - curve.FalsePositiveRate[k - 1]) * (
                curve.TruePositiveRate[k] + curve.TruePositiveRate[k - 1]) / 2;
        }

        Assert.Equal(curve.Area, trapezium, 1e-12);
    }

    [Fact]
    public void Average_precision_is_that_of_the_definition()
    {
        // Thresholds 4, 3, 2, 1: precision 1, 1/2, 2/3 (tied pair counts as one step), 2/4 over recalls 1/2, 1/2, 1, 1.
        RocCurve curve = new([4, 3, 2, 1], [1, 0, 1, 0]);
        Assert.Equal((0.5 * 1) + (0.5 * 2 / 3), curve.AveragePrecision, 1e-12);
        Assert.Equal(0.5, new RocCurve([1, 1, 1, 1], [1, 0, 1, 0]).AveragePrecision, 1e-12);
        Assert.True(double.IsNaN(new RocCurve([1, 2], [1, 1]).Area));
        Assert.True(double.IsNaN(new RocCurve([], []).AveragePrecision));
    }

    [Fact]
    public void A_resolution_leaves_out_points_near_the_one_before()
    {
        // Rates (0, 1/2), (1/2, 1/2), (1/2, 1), (1, 1) at the four scores.
        float[] scores = [4, 3, 2, 1];
        byte[] labels = [1, 0, 1, 0];
        Assert.Equal([0, 0, 0.5, 0.5, 1], new RocCurve(scores, labels, 0.5).FalsePositiveRate.ToArray());
        RocCurve coarse = new(scores, labels, 0.6);
        Assert.Equal([0, 0.5, 1], coarse.FalsePositiveRate.ToArray());
        Assert.Equal([0, 1, 1.0], coarse.TruePositiveRate.ToArray());
        Assert.Equal([double.PositiveInfinity, 2, 1], coarse.Threshold.ToArray());
        Assert.Equal(0.75, coarse.Area, 1e-12);

        RocCurve again = new(coarse.Area, 0.6, [0, 1], [0, 1], [double.PositiveInfinity, 1]);
        Assert.Equal((0.75, 0.6), (again.Area, again.AveragePrecision));
        Assert.Equal(2, again.Threshold.Length + again.FalsePositiveRate.Length - again.TruePositiveRate.Length);
        Assert.Throws<ArgumentException>(() => new RocCurve(0.5, 0.5, [0, 1], [0], [1, 2]));
        Assert.Throws<ArgumentException>(() => new RocCurve(0.5, 0.5, [0, 1], [0, 1], [1]));
        Assert.Throws<ArgumentException>(() => new RocCurve([1, 2], [1]));
    }

    [Fact]
    public void Scores_without_a_value_rank_below_all_others()
    {
        RankedScores ranked = new([2, float.NaN, 1, 2], [1, 1, 0, 0]);
        Assert.Equal([float.NegativeInfinity, 1, 2, 2], Enumerable.Range(0, 4).Select(ranked.Score));
        Assert.Equal([1, 2], Enumerable.Range(0, 2).Select(ranked.Place));
        Assert.Equal([0, 1, 2, 2], Enumerable.Range(0, 4).Select(ranked.FirstTied));
        Assert.Equal((2L, 2L), (ranked.Positives, ranked.Negatives));
        Assert.Equal(1, ranked.PositivesIn(2, 4));
        Assert.Equal(double.NaN, new RocCurve([1, 2], [0, 0]).Area);
        Assert.Equal(double.NaN, new RocCurve([1, 2], [0, 0]).AveragePrecision);
    }

    [Fact]
    public void Selection_counts_hits_of_each_plane()
    {
        HitSelection selection = new([0, 0, 0, 1, 1], [1, 1, 0, 1, 0], [1, 0, 1, 1, 0], 3);
        Assert.Equal([0.5, 1], selection.PlaneEfficiency[..2].ToArray());
        Assert.Equal([0.5, 1], selection.PlanePurity[..2].ToArray());
        Assert.Equal(2.0 / 3, selection.Efficiency, 1e-12);
        Assert.Equal(2.0 / 3, selection.Purity, 1e-12);
        Assert.True(double.IsNaN(selection.PlanePurity[2]));
    }

    [Fact]
    public void Soft_selection_counts_hits_by_their_weights()
    {
        HitSelection selection = new([0, 0, 1, 1, 1], [0.5, 0.25, 1, 0.75, 0.25], [1, 0, 1, 0, 1], 2);
        Assert.Equal([0.5, 0.625], selection.PlaneEfficiency.ToArray());
        Assert.Equal([16, 15], selection.PlanePurity.ToArray().Select(x => Math.Round(24 * x, 12)));
        Assert.Equal(1.75 / 3, selection.Efficiency, 1e-15);
        Assert.Equal(1.75 / 2.75, selection.Purity, 1e-15);
        Assert.True(double.IsNaN(new HitSelection([], [], [], 1).Purity));
        Assert.Throws<ArgumentException>(() => new HitSelection([0, 0], [1], [1, 1], 1));
        Assert.Throws<ArgumentException>(() => new HitSelection([0, 0], [1, 1], [1], 1));
    }
}
