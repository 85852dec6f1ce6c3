namespace Sagitta.Tracking.Calorimeter;

/// <summary>One track of a tracking calorimeter. Ranges are in mm of water at the first layer; range and energy are related by Bethe's
/// formula. What follows from the range is NaN where none could be fitted.</summary>
public sealed record CalorimeterTrack
{
    /// <summary>Number of the frame.</summary>
    public required long Frame { get; init; }

    /// <summary>Number of the track within its frame, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>What became of it. Analyses take tracks that are <see cref="CalorimeterTrackStatus.Found"/>.</summary>
    public required CalorimeterTrackStatus Status { get; init; }

    /// <summary>Indices of its hits in the frame, from the beam side inwards; never empty.</summary>
    public required IReadOnlyList<int> Hits { get; init; }

    /// <summary>Identifiers of its hits, those of all rows where rows were merged to a hit.</summary>
    public required IReadOnlyList<long> HitIds { get; init; }

    /// <summary>Layer of each hit.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>Residual range at the first layer, mm of water.</summary>
    public required double Range { get; init; }

    /// <summary>Standard error of the range, mm: that of the fit of the Bragg curve and the straggling of the range left.</summary>
    public required double RangeError { get; init; }

    /// <summary>Kinetic energy at the first layer, MeV, of which this is the range.</summary>
    public required double Energy { get; init; }

    /// <summary>Standard error of the energy, MeV, by that of the range.</summary>
    public required double EnergyError { get; init; }

    /// <summary>Water-equivalent path length of what lies before the first layer, mm: the range at the beam's energy minus the residual
    /// range.</summary>
    public required double PathLength { get; init; }

    /// <summary>Standard error of the path length, mm: that of the fit, the straggling of the beam's whole range and the spread of its
    /// energy.</summary>
    public required double PathLengthError { get; init; }

    /// <summary>
    /// By how much the assignment's cost rises when the most easily replaced segment of the track is forbidden: the smallest over its
    /// segments. A segment of score p costs 1 - p; a pair of hits that is lost counts 1, or the model's price of an unassigned hit. About 1
    /// for a track without rivals, about 0 for an arbitrary choice, below 0 where leaving a hit alone would have been cheaper.
    /// </summary>
    public required double Margin { get; init; }

    /// <summary>Chi-square of the fit of the Bragg curve, with one degree of freedom less than hits.</summary>
    public required double Chi2 { get; init; }
}

/// <summary>What became of a chain of hits.</summary>
public enum CalorimeterTrackStatus
{
    /// <summary>A track of a proton that stopped, with a range.</summary>
    Found,

    /// <summary>Fewer hits than a track needs (five, unless the model says otherwise).</summary>
    TooShort,

    /// <summary>The deepest hit's deposit is too small for a proton that stops: it was absorbed, or hits are missing.</summary>
    NotStopped,

    /// <summary>Passes both cuts, but no range could be fitted to its deposits.</summary>
    NoRange,
}
