namespace Sagitta.Tests.Tracking.Calorimeter;

public sealed class SegmentAssignmentTests
{
    [Theory]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(3, null)]
    [InlineData(4, 0.7)]
    [InlineData(5, 0.4)]
    public void The_margin_is_what_the_best_assignment_without_a_segment_costs_more(ulong seed, double? price)
    {
        RandomDraws draws = RandomKey.FromSeed(seed).Draws();
        List<CalorimeterHit> hits = [];
        for (int layer = 0; layer < 5; layer++)
        {
            for (int k = 0; k < 3 + (layer % 3); k++)
            {
                hits.Add(new(hits.Count, layer, (24 * draws.NextUniform()) - 12, (24 * draws.NextUniform()) - 12, 50 * layer, 0.05));
            }
        }

        CalorimeterFrame frame = new(0, hits);
        SegmentGraph graph = new();
        graph.Build(frame, new());
        float[] logits = new float[graph.Count];
        foreach (ref float logit in logits.AsSpan())
        {
            logit = (float)((6 * draws.NextUniform()) - 3);
        }

        SegmentAssignment assignment = new();
        assignment.Solve(graph, logits, price);
        double[] margins = assignment.Margins(graph, frame.Layer);
        ReadOnlySpan<bool> chosen = assignment.Chosen(graph);
        int compared = 0;
        for (int hit = 0; hit < frame.Count; hit++)
        {
            int segment = Enumerable.Range(graph.Offsets[hit], graph.Offsets[hit + 1] - graph.Offsets[hit]).FirstOrDefault(
                new HashSet<int>(chosen.ToArray().Index().Where(c => c.Item).Select(c => c.Index)).Contains, -1);
            if (segment < 0)
            {
                Assert.Equal(double.NaN, margins[hit]);
                continue;
            }

            int[] rows = [.. Enumerable.Range(0, frame.Count).Where(row => frame.Layer[row] == frame.Layer[hit])];
            (int pairs, double cost) = Best(graph, logits, rows, 0, -1, price, []);
            (int left, double dearer) = Best(graph, logits, rows, 0, segment, price, []);
            Assert.Equal(dearer - cost + ((pairs - left) * (price ?? 1)), margins[hit], 1e-5);
            compared++;
        }

        Assert.True(compared > 3, $"{compared} segments");
    }

    // All assignments of some rows; the most pairs first, or the smallest sum of costs and prices.
    private static (int Pairs, double Cost) Best(SegmentGraph graph, float[] logits, int[] rows, int at, int forbidden, double? price,
        HashSet<int> taken)
    {
        if (at == rows.Length)
        {
            return (0, 0);
        }

        (int Pairs, double Cost) best = Best(graph, logits, rows, at + 1, forbidden, price, taken);
        for (int e = graph.Offsets[rows[at]]; e < graph.Offsets[rows[at] + 1]; e++)
        {
            if (e != forbidden && taken.Add(graph.Shallower[e]))
            {
                (int pairs, double cost) = Best(graph, logits, rows, at + 1, forbidden, price, taken);
                (pairs, cost) = (pairs + 1, cost + (1 / (1 + Math.Exp(logits[e]))));
                bool better = price is { } alone ? cost - (alone * pairs) < best.Cost - (alone * best.Pairs)
                    : pairs > best.Pairs || (pairs == best.Pairs && cost < best.Cost);
                best = better ? (pairs, cost) : best;
                taken.Remove(graph.Shallower[e]);
            }
        }

        return best;
    }
}
