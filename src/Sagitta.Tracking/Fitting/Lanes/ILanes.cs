namespace Sagitta.Tracking.Fitting.Lanes;

/// <summary>
/// Doubles of as many events as a vector holds. Fits are written once over this and compiled for each width; every lane goes through
/// the same correctly rounded operations, so an event's result has the same bits at every width, the scalar one included.
/// Comparisons give masks: all bits set or none.
/// </summary>
internal interface ILanes<TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>Events in a vector.</summary>
    static abstract int Count { get; }

    static abstract TSelf Broadcast(double value);

    static abstract unsafe TSelf Load(double* source);

    static abstract unsafe void Store(TSelf value, double* target);

    static abstract TSelf Sqrt(TSelf value);

    static abstract TSelf Abs(TSelf value);

    /// <summary>a b + c with one rounding.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf LessThan(TSelf a, TSelf b);

    static abstract TSelf LessOrEqual(TSelf a, TSelf b);

    static abstract TSelf And(TSelf a, TSelf b);

    static abstract TSelf AndNot(TSelf a, TSelf not);

    static abstract TSelf Or(TSelf a, TSelf b);

    /// <summary>a where the mask is set, else b.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    static abstract bool Any(TSelf mask);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);
}
