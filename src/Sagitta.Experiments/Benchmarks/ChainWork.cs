namespace Sagitta.Experiments.Benchmarks;

/// <summary>
/// A part of a chain as counted work: what a core cannot do without, however it is programmed. Its least time is that of the operations at
/// the peak or of the bytes at the bandwidth, whichever is longer (docs/performance.md). Counts leave out what is small: fits, assignments,
/// the sum of gradients, the optimiser.
/// </summary>
/// <param name="Part">"attention", "products".</param>
/// <param name="Operations">For an event or frame; a multiply-add counts two.</param>
/// <param name="Bytes">Moved between memory and caches for an event or frame.</param>
internal sealed record ChainWork(string Part, double Operations, double Bytes)
{
    // Of one number: mean, variance and scale; exponential and select; sum with the residual.
    private const double Pointwise = 10 + 25 + 1;

    // Features, both ends and the place in either order of one edge: written by the graph, read by attention.
    private const double BytesOfEdge = 2.0 * 4 * (HitGraph.EdgeFeatureCount + 4);

    // Bytes of the values of one row of 16 that training keeps of each message: written once, read and written once by the way back.
    private const double BytesOfMessage = 4 * 4.0 * 16;

    /// <summary>The muon chain on an event of so many hits and edges, of whose features so many are not zero: hits to track or, with
    /// gradient, a share of a training step.</summary>
    public static IReadOnlyList<ChainWork> OfMuon(HitScorerOptions network, double hits, double edges, double features, bool gradient)
    {
        double width = network.Heads * network.HeadWidth;
        double numbers = hits * width * network.Layers;
        double products = 2 * hits * ((HitGraph.HitFeatureCount * width) + (((2 * network.Layers) + 1) * width * width) + (2 * width));
        (double forward, double backward) = KernelBenchmark.AttentionOperations(edges, (int)width, features, network.Heads);
        return
        [
            new("graph", 0, BytesOfEdge * edges),
            new("attention", network.Layers * (forward + (gradient ? backward : 0)), 0),
            new("products", (gradient ? 3 : 1) * products, 0),
            new("pointwise", (gradient ? 3 : 1) * Pointwise * numbers, 0),
        ];
    }

    /// <summary>The calorimeter's network on a frame of so many segments and directed links: hits to scores or, with gradient, to loss and
    /// back. Of the last layer the way back needs the products of messages that are some segment's largest in some column.</summary>
    public static IReadOnlyList<ChainWork> OfCalorimeter(int hidden, double segments, double links, bool gradient)
    {
        double square = 2.0 * hidden * hidden;
        double ofSegment = (2.0 * SegmentNetwork.Features * hidden) + (2.0 * (SegmentNetwork.Features + hidden) * hidden) + (4 * square)
            + (2.0 * hidden);

        // The first layer of a message is the sum of three rows, one of which lies between two of a table; then two layers.
        return
        [
            new("first layer of messages", (gradient ? 3 : 1) * links * hidden * 6, 0),
            new("products of messages", (gradient ? (4 * links) + (2 * segments) : 2 * links) * square, 0),
            new("normalisation and maxima", (gradient ? 2 : 1) * links * hidden * 6, gradient ? BytesOfMessage * links : 0),
            new("segments", (gradient ? 3 : 1) * segments * ofSegment, 0),
        ];
    }

    /// <summary>The least seconds of a core for all parts, one after another.</summary>
    public static double LeastSeconds(IReadOnlyList<ChainWork> parts, MachinePeaks peaks) =>
        parts.Sum(part => peaks.LeastSeconds(part.Operations, part.Bytes));
}
