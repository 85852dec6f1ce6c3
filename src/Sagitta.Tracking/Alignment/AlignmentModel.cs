namespace Sagitta.Tracking.Alignment;

/// <summary>What residuals of tracks depend on besides the parameters of alignment: planes, field and material of a detector.</summary>
internal abstract class AlignmentModel
{
    /// <summary>Order of the parameters.</summary>
    public abstract AlignmentParameters Parameters { get; }

    /// <summary>Station of each plane.</summary>
    public abstract IReadOnlyList<int> Stations { get; }

    /// <summary>What a parameter of each kind is called: "y", "z".</summary>
    public abstract IReadOnlyList<string> Kinds { get; }

    /// <summary>For each kind the patterns of shifts that tracks hardly measure, strongest first: what weak modes are named by, and what
    /// holds them.</summary>
    public abstract IReadOnlyList<IReadOnlyList<AlignmentConstraint>> Patterns { get; }

    /// <summary>Number of planes.</summary>
    public int Planes => Parameters.Planes;

    /// <summary>A track at these values of the parameters, in the memory of one thread.</summary>
    public abstract EliminatedTrack Track(double[] values, AlignmentSelection selection);

    /// <summary>What of the parameters of a kind a body of planes may do without changing its form, one value a plane.</summary>
    public abstract IEnumerable<Func<int, double>> Motions(int kind);
}

/// <summary>
/// Planes across z that measure y in a uniform field: r_i = y0 + q_i + delta_i - C_i - dy_i, with q_i the circle at z_i + dz_i, covariance
/// V = diag(sigma_i^2 / p_i) + m^2 U and m = q/pT of the fit without U (docs/method.md). U and delta are those of the nominal places, and V
/// is constant while the sum is differentiated.
/// </summary>
/// <param name="z">z of the planes, mm.</param>
/// <param name="stations">Station of each plane.</param>
/// <param name="fieldTesla">Field along +x, T.</param>
/// <param name="scattering">U, planes x planes, mm^2 GeV^2; empty where planes are independent.</param>
/// <param name="bending">B of delta_i = f m |m| B_i, one a plane; empty without loss of energy.</param>
internal sealed class CircleAlignment(double[] z, int[] stations, double fieldTesla, double[] scattering, double[] bending)
    : AlignmentModel
{
    private static readonly string[][] _names = [["shift along y", "shear", "sagitta"], ["shift along z", "scale in z", "bow in z"]];

    /// <summary>The planes, the field and the material of a detector.</summary>
    public static CircleAlignment Of(Detector detector)
    {
        TrackMaterial material = new(detector);
        return new([.. detector.Planes.Select(plane => plane.NominalZ)], [.. detector.Planes.Select(plane => plane.Station)],
            detector.FieldTesla, [.. material.Scattering], [.. material.Bending]);
    }

    /// <inheritdoc />
    public override AlignmentParameters Parameters { get; } = new(z.Length, 2);

    /// <inheritdoc />
    public override IReadOnlyList<int> Stations => stations;

    /// <inheritdoc />
    public override IReadOnlyList<string> Kinds => ["y", "z"];

    /// <inheritdoc />
    public override IReadOnlyList<IReadOnlyList<AlignmentConstraint>> Patterns { get; } = [.. _names.Select((names, kind) =>
        (IReadOnlyList<AlignmentConstraint>)[.. names.Select((name, degree) => AlignmentConstraint.Of(name, new(z.Length, 2), kind,
            i => Math.Pow(AlignmentConstraint.Place(z, i), degree)))])];

    /// <summary>z of the planes, mm.</summary>
    public ReadOnlySpan<double> Z => z;

    /// <summary>Field, T.</summary>
    public double FieldTesla => fieldTesla;

    /// <summary>Scattering of 1 GeV.</summary>
    public ReadOnlySpan<double> Scattering => scattering;

    /// <summary>Extra bending by loss of energy.</summary>
    public ReadOnlySpan<double> Bending => bending;

    /// <inheritdoc />
    public override EliminatedTrack Track(double[] values, AlignmentSelection selection) => new EliminatedCircle(this, values, selection);

    /// <inheritdoc />
    public override IEnumerable<Func<int, double>> Motions(int kind) => kind == 0 ? [_ => 1, i => AlignmentConstraint.Place(z, i)]
        : [_ => 1];
}

/// <summary>The measurements of tracks that alignment takes: one cluster at most of each plane, row by row.</summary>
internal sealed record AlignmentTracks
{
    /// <summary>Tracks x planes, mm, as the planes report them.</summary>
    public required double[] Y { get; init; }

    /// <summary>Tracks x planes: error of y, mm.</summary>
    public required double[] Sigma { get; init; }

    /// <summary>Tracks x planes: weight from 0 to 1; a plane of less than half has no measurement.</summary>
    public required double[] Presence { get; init; }

    /// <summary>Per track: charge over momentum that is known otherwise, 1/GeV; empty where it is fitted.</summary>
    public double[] KnownQOverPt { get; init; } = [];
}

/// <summary>Order of the parameters of alignment: one kind after the other, each with one a plane, then the field's scale.</summary>
/// <param name="Planes">Number of planes.</param>
/// <param name="Kinds">Parameters of a plane: its shift along what it measures, its shift along z, and for planes of strips in any
/// direction their turn about z.</param>
internal readonly record struct AlignmentParameters(int Planes, int Kinds)
{
    /// <summary>How many there are.</summary>
    public int Count => (Kinds * Planes) + 1;

    /// <summary>The relative change of the field.</summary>
    public int FieldScale => Kinds * Planes;

    /// <summary>A parameter of a plane.</summary>
    public int Of(int kind, int plane) => (kind * Planes) + plane;

    /// <summary>Shift of a plane along what it measures, mm.</summary>
    public int Y(int plane) => plane;

    /// <summary>Shift of a plane along z, mm.</summary>
    public int Z(int plane) => Planes + plane;
}
