namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>Sizes of the graphs of one kind of frame and what a forward pass costs in operations.</summary>
/// <param name="Water">Thickness of water, mm.</param>
/// <param name="Protons">Protons of a frame.</param>
/// <param name="Frames">Number of frames.</param>
/// <param name="Hits">Mean number of hits.</param>
/// <param name="HitsSpread">Its standard deviation over frames.</param>
/// <param name="Segments">Mean number of segments: edges of the hit graph, nodes of the line graph.</param>
/// <param name="SegmentsSpread">Its standard deviation.</param>
/// <param name="Edges">Mean number of edges of the line graph, both directions.</param>
/// <param name="EdgesSpread">Its standard deviation.</param>
/// <param name="Operations">Multiplications and additions of one forward pass of the line graph's network as published counts them,
/// 1e9.</param>
/// <param name="HitOperations">The same of the hit graph's network of the published width, 64.</param>
internal sealed record GraphStatistics(
    int Water, int Protons, int Frames, double Hits, double HitsSpread, double Segments, double SegmentsSpread, double Edges,
        double EdgesSpread, double Operations, double HitOperations)
{
    // Published counting: 1 for each multiply-add of a linear layer, 5 for each element of a normalisation.
    private const double PerEdge = (5 * 144) + (144 * 16) + (5 * 16) + (16 * 16) + (5 * 16) + (16 * 16);
    private const double PerSegment = (5 * 24) + (24 * 16) + (5 * 16) + (16 * 16) + (5 * 16) + (16 * 16) + (5 * 16) + (5 * 16) + (
        16 * 16) + (5 * 16) + (16 * 16) + (5 * 16) + 16;

    // The hit graph: messages from 11 and a score from 192 numbers for each segment, an update from 68 for each hit.
    private const double HitPerSegment = (5 * 11) + (11 * 64) + (2 * ((5 * 64) + (64 * 64))) + (5 * 192) + (192 * 64) + (5 * 64) + (
        64 * 64) + (5 * 64) + 64;
    private const double HitPerHit = (5 * 68) + (68 * 64) + (2 * ((5 * 64) + (64 * 64))) + (5 * 64);

    /// <summary>Counts over frames.</summary>
    public static GraphStatistics Of(int water, int protons, IReadOnlyList<CalorimeterFrame> frames, GateOptions gates)
    {
        SegmentGraph graph = new();
        double[][] counts = [.. frames.Select(frame =>
        {
            graph.Build(frame, gates);
            return new double[] { frame.Count, graph.Count, 2.0 * graph.Links };
        })];
        (double hits, double hitsSpread) = Moments(counts, 0);
        (double segments, double segmentsSpread) = Moments(counts, 1);
        (double edges, double edgesSpread) = Moments(counts, 2);
        return new(water, protons, frames.Count, hits, hitsSpread, segments, segmentsSpread, edges, edgesSpread,
            ((edges * PerEdge) + (segments * PerSegment)) * 1e-9, ((segments * HitPerSegment) + (hits * HitPerHit)) * 1e-9);
    }

    private static (double Mean, double Spread) Moments(double[][] counts, int column)
    {
        if (counts.Length == 0)
        {
            return (double.NaN, double.NaN);
        }

        double mean = counts.Average(c => c[column]);
        return (mean, Math.Sqrt(counts.Average(c => (c[column] - mean) * (c[column] - mean))));
    }
}
