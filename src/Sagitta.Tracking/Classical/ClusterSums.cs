namespace Sagitta.Tracking.Classical;

/// <summary>Sums over the strips of a cluster, weighted by charge.</summary>
internal struct ClusterSums
{
    private double _squares;
    private double _moment;
    private double _second;

    /// <summary>Sum of charges.</summary>
    public double Charge { get; private set; }

    /// <summary>Mean position; 0 without charge.</summary>
    public readonly double Mean => Charge > 0 ? _moment / Charge : 0;

    /// <summary>Variance of positions about the mean; 0 without charge.</summary>
    public readonly double Width => Charge > 0 ? Math.Max(0, (_second / Charge) - (Mean * Mean)) : 0;

    /// <summary>Sum of squared shares of charge: 1 for a single strip.</summary>
    public readonly double Concentration => Charge > 0 ? _squares / (Charge * Charge) : 1;

    /// <summary>Adds a strip at a position relative to a point near the cluster, mm.</summary>
    public void Add(double position, double charge)
    {
        Charge += charge;
        _moment += charge * position;
        _second += charge * position * position;
        _squares += charge * charge;
    }
}
