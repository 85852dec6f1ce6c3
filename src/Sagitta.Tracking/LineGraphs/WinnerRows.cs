namespace Sagitta.Tracking.LineGraphs;

/// <summary>Which row gave each segment's largest message, column by column, and the gradient that the largest message got.</summary>
internal readonly unsafe ref struct WinnerRows<T>
    where T : unmanaged
{
    /// <summary>Number of the row, segments x 16, as a number of the rows' type; -1 for none.</summary>
    public required T* Winner { get; init; }

    /// <summary>Gradient of the largest messages, segments x 16.</summary>
    public required T* Gradient { get; init; }
}
