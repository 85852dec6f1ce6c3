namespace Sagitta.Experiments.Validation;

/// <summary>
/// A fraction of trials of which several are of one event, summed event by event. What happens in one event belongs together (an
/// electron crosses several planes), so the standard error is that of drawing whole events: the ratio estimator of Cochran, Sampling
/// Techniques (1977), section 2.11.
/// </summary>
internal struct EventFraction
{
    private double _found;
    private double _trials;
    private double _foundSquares;
    private double _products;
    private double _trialSquares;

    /// <summary>The fraction; NaN without trials.</summary>
    public readonly double Value => _found / _trials;

    /// <summary>Its standard error; where nothing was found, one trial's worth.</summary>
    public readonly double Error =>
        Math.Sqrt(Math.Max(_foundSquares - (2 * Value * _products) + (Value * Value * _trialSquares), 1)) / _trials;

    /// <summary>The fraction, or one trial's worth where none was found.</summary>
    public readonly double AtLeastOne => Math.Max(_found, 1) / _trials;

    /// <summary>Adds one event: in how many of its trials it was found.</summary>
    public void Add(int found, int trials)
    {
        _found += found;
        _trials += trials;
        _foundSquares += (double)found * found;
        _products += (double)found * trials;
        _trialSquares += (double)trials * trials;
    }
}
