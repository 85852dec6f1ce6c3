using System.ComponentModel.DataAnnotations;

namespace Sagitta.Tracking.Alignment;

/// <summary>What an alignment moves, and when it ends or gives up.</summary>
internal sealed record AlignmentOptions
{
    /// <summary>Whether planes move along z too.</summary>
    public bool AlongZ { get; init; }

    /// <summary>Whether planes turn about z too, where a detector's strips have directions.</summary>
    public bool Turns { get; init; }

    /// <summary>Whether stations move as rigid bodies, their planes not by themselves.</summary>
    public bool WholeStations { get; init; }

    /// <summary>It ends when selecting hits again moves no plane by more than this, mm.</summary>
    [Range(1e-7, 1)]
    public double Tolerance { get; init; } = 5e-4;

    /// <summary>Rounds of selecting hits at most.</summary>
    public int MostRounds { get; init; } = 12;

    /// <summary>Steps with the same hits at most.</summary>
    public int StepsOfARound { get; init; } = 8;

    /// <summary>A hit further from its track than this, in units of what the fit expects, does not count.</summary>
    public double LargestPull { get; init; } = 4;

    /// <summary>Tracks of fewer planes do not count.</summary>
    public int FewestPlanes { get; init; } = 5;

    /// <summary>Fewer tracks are no sample.</summary>
    public int FewestTracks { get; init; } = 100;

    /// <summary>A plane with hits on fewer of the tracks is not aligned.</summary>
    public double SmallestShareOfHits { get; init; } = 0.05;

    /// <summary>A plane further away than this is not misaligned but misunderstood, mm.</summary>
    public double LargestShift { get; init; } = 20;

    /// <summary>A field that differs by more is wrong.</summary>
    public double LargestFieldScale { get; init; } = 0.01;

    /// <summary>Tracks with more chi-square per degree of freedom do not fit.</summary>
    public double LargestChiSquare { get; init; } = 3;

    /// <summary>The parameters that are free, and what holds the patterns of them that tracks hardly measure: known momenta measure the
    /// sagitta.</summary>
    public (IReadOnlyList<int> Free, IReadOnlyList<AlignmentConstraint> Constraints) Plan(AlignmentModel model, bool knownMomentum)
    {
        AlignmentParameters order = model.Parameters;
        List<int> free = [];
        List<AlignmentConstraint> constraints = [];
        foreach (int kind in (int[])[0, .. AlongZ ? [1] : (int[])[], .. Turns ? [2] : (int[])[]])
        {
            free.AddRange(Enumerable.Range(0, order.Planes).Select(plane => order.Of(kind, plane)));

            // The bow in z is weak, but measured.
            constraints.AddRange(model.Patterns[kind].Where(pattern => pattern.Name != "bow in z"
                && !(knownMomentum && pattern.Name.StartsWith("sagitta", StringComparison.Ordinal))));
            constraints.AddRange(WholeStations ? AlignmentConstraint.Rigid(model, kind) : []);
        }

        if (knownMomentum)
        {
            free.Add(order.FieldScale);
        }

        return (free, constraints);
    }
}
