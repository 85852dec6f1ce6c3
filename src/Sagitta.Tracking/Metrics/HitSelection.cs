namespace Sagitta.Tracking.Metrics;

/// <summary>Efficiency and purity of a selection of hits: per plane and over all planes. A soft selection counts each hit by its weight in
/// the purity and its weight up to 1 in the efficiency; a hard one has weights 0 and 1.</summary>
internal sealed class HitSelection
{
    private readonly double[] _efficiency;
    private readonly double[] _purity;

    /// <summary>Counts hits, one plane index, weight and label each.</summary>
    public HitSelection(ReadOnlySpan<byte> plane, ReadOnlySpan<double> weights, ReadOnlySpan<byte> labels, int planeCount)
    {
        if (plane.Length != weights.Length || plane.Length != labels.Length)
        {
            throw new ArgumentException($"{plane.Length} planes, {weights.Length} weights, {labels.Length} labels: one of each a hit.",
                nameof(weights));
        }

        double[] selectedTrue = new double[planeCount + 1];
        double[] selected = new double[planeCount + 1];
        double[] positives = new double[planeCount + 1];
        for (int j = 0; j < plane.Length; j++)
        {
            selectedTrue[plane[j]] += weights[j] * labels[j];
            selected[plane[j]] += weights[j];
            positives[plane[j]] += labels[j];
        }

        _efficiency = new double[planeCount];
        _purity = new double[planeCount];
        for (int i = 0; i < planeCount; i++)
        {
            _efficiency[i] = selectedTrue[i] / positives[i];
            _purity[i] = selectedTrue[i] / selected[i];
            selectedTrue[planeCount] += selectedTrue[i];
            selected[planeCount] += selected[i];
            positives[planeCount] += positives[i];
        }

        Efficiency = selectedTrue[planeCount] / positives[planeCount];
        Purity = selectedTrue[planeCount] / selected[planeCount];
    }

    /// <summary>Selected share of the true hits; NaN without any.</summary>
    public double Efficiency { get; }
    /// <summary>True share of the selected hits; NaN without any.</summary>
    public double Purity { get; }

    /// <summary>Efficiency of each plane.</summary>
    public ReadOnlySpan<double> PlaneEfficiency => _efficiency;

    /// <summary>Purity of each plane.</summary>
    public ReadOnlySpan<double> PlanePurity => _purity;
}
