namespace Sagitta.Tracking.Tracks;

/// <summary>Clusters and tracks of consecutive events on a tape.</summary>
internal readonly ref struct FittedEvents
{
    /// <summary>Names its parts.</summary>
    public FittedEvents(Clusters clusters, Tensor<double> track, ReadOnlySpan<SolveStatus> statuses, Tensor<double> diagonal,
        PlaneShifts shifts)
    {
        Clusters = clusters;
        Track = track;
        Statuses = statuses;
        Diagonal = diagonal;
        Shifts = shifts;
    }

    /// <summary>Centroid, error and presence of every plane of every event.</summary>
    public Clusters Clusters { get; }

    /// <summary>Events x 3, in the order of <see cref="TrackParameter"/>.</summary>
    public Tensor<double> Track { get; }

    /// <summary>How each fit ended.</summary>
    public ReadOnlySpan<SolveStatus> Statuses { get; }

    /// <summary>Events x 3: the tracks of the diagonal fit; the same as <see cref="Track"/> where no other followed.</summary>
    public Tensor<double> Diagonal { get; }

    /// <summary>Where the planes were.</summary>
    public PlaneShifts Shifts { get; }
}
