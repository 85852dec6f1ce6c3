namespace Sagitta.Tracking.LineGraphs;

/// <summary>Pointers that the loops over links share: the graph, and the parts of the first layer that links add up.</summary>
internal readonly unsafe ref struct MessageGraph<T>
    where T : unmanaged
{
    /// <summary>Borders of the links of each segment.</summary>
    public required int* LinkOffsets { get; init; }

    /// <summary>Borders of the segments that leave each hit.</summary>
    public required int* Offsets { get; init; }

    /// <summary>Shallower hit of each segment.</summary>
    public required int* Shallower { get; init; }

    /// <summary>Table node of each link.</summary>
    public required int* Node { get; init; }

    /// <summary>Position of each link within its cell.</summary>
    public required float* Offset { get; init; }

    /// <summary>Part of the receiving segment, a row for each segment.</summary>
    public required T* Target { get; init; }

    /// <summary>Part of the sending segment.</summary>
    public required T* Source { get; init; }

    /// <summary>Part of the angle: value and slope rows at each node.</summary>
    public required T* Table { get; init; }
}
