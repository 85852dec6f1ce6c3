namespace Sagitta.Tracking.Graphs;

/// <summary>Where the two hits of an edge lie.</summary>
internal enum LinkKind
{
    /// <summary>In one plane: hits of one cluster.</summary>
    SamePlane,

    /// <summary>In two planes of one station.</summary>
    SameStation,

    /// <summary>In two stations.</summary>
    AcrossStations,
}
