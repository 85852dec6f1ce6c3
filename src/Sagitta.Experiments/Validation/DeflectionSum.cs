namespace Sagitta.Experiments.Validation;

/// <summary>Mean and its standard error of deflections, summed one by one.</summary>
internal struct DeflectionSum
{
    private double _sum;
    private double _squares;

    public int Count { get; private set; }

    public readonly double Mean => _sum / Count;

    public readonly double MeanError => Math.Sqrt(Math.Max((_squares / Count) - (Mean * Mean), 0) / Count);

    public void Add(double value)
    {
        _sum += value;
        _squares += value * value;
        Count++;
    }
}
