using System.Numerics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Sixteen hidden features of one link or segment, held in vector registers. The kernels of the network are written once over
/// it.</summary>
internal unsafe interface IHiddenRow<TSelf, T>
    where TSelf : unmanaged, IHiddenRow<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Zeros.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>Sixteen numbers from memory.</summary>
    static abstract TSelf Load(T* from);

    /// <summary>Sixteen numbers to memory.</summary>
    static abstract void Store(TSelf row, T* to);

    /// <summary>One number sixteen times.</summary>
    static abstract TSelf Broadcast(T value);

    /// <summary>a + b.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>a - b.</summary>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>a b, feature by feature.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>a b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>Leaky rectifier of slope 0.01.</summary>
    static abstract TSelf Leaky(TSelf x);

    /// <summary>Gradient of <see cref="Leaky"/> at x times dy.</summary>
    static abstract TSelf LeakyGradient(TSelf x, TSelf dy);

    /// <summary>Where a is greater than b the third, else the fourth.</summary>
    static abstract TSelf WhereGreater(TSelf a, TSelf b, TSelf greater, TSelf otherwise);

    /// <summary>Bit k is set where feature k of both is equal.</summary>
    static abstract uint WhereEqual(TSelf a, TSelf b);
}
