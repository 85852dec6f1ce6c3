namespace Sagitta.Tracking.Alignment;

/// <summary>
/// What residuals of tracks depend on besides the parameters of alignment: r_i = y0 + q_i + delta_i - C_i - dy_i, with q_i the circle at
/// z_i + dz_i, covariance V = diag(sigma_i^2 / p_i) + m^2 U and m = q/pT of the fit without U (docs/method.md). U and delta are those of
/// the nominal places, and V is constant while the sum is differentiated.
/// </summary>
/// <param name="z">z of the planes, mm.</param>
/// <param name="fieldTesla">Field along +x, T.</param>
/// <param name="scattering">U, planes x planes, mm^2 GeV^2; empty where planes are independent.</param>
/// <param name="bending">B of delta_i = f m |m| B_i, one a plane; empty without loss of energy.</param>
internal sealed class AlignmentModel(double[] z, double fieldTesla, double[] scattering, double[] bending)
{
    /// <summary>The planes, the field and the material of a detector.</summary>
    public static AlignmentModel Of(Detector detector)
    {
        TrackMaterial material = new(detector);
        return new([.. detector.Planes.Select(plane => plane.NominalZ)], detector.FieldTesla, [.. material.Scattering],
            [.. material.Bending]);
    }

    /// <summary>Number of planes.</summary>
    public int Planes => z.Length;

    /// <summary>z of the planes, mm.</summary>
    public ReadOnlySpan<double> Z => z;

    /// <summary>Field, T.</summary>
    public double FieldTesla => fieldTesla;

    /// <summary>Scattering of 1 GeV.</summary>
    public ReadOnlySpan<double> Scattering => scattering;

    /// <summary>Extra bending by loss of energy.</summary>
    public ReadOnlySpan<double> Bending => bending;

    /// <summary>The place of plane <paramref name="i"/> in its detector, from -1 at the first plane to 1 at the last: the argument of the
    /// polynomials that name weak modes.</summary>
    public double Place(int i) => z.Length < 2 ? 0 : ((2 * z[i]) - z[0] - z[^1]) / (z[^1] - z[0]);
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

    /// <summary>Per track: q/pT that is known otherwise, 1/GeV; empty where it is fitted.</summary>
    public double[] KnownQOverPt { get; init; } = [];
}

/// <summary>Order of the parameters of alignment: dy of every plane, then dz of every plane, then the field's scale.</summary>
/// <param name="Planes">Number of planes.</param>
internal readonly record struct AlignmentParameters(int Planes)
{
    /// <summary>How many there are.</summary>
    public int Count => (2 * Planes) + 1;

    /// <summary>The relative change of the field.</summary>
    public int FieldScale => 2 * Planes;

    /// <summary>Shift of a plane along y.</summary>
    public int Y(int plane) => plane;

    /// <summary>Shift of a plane along z.</summary>
    public int Z(int plane) => Planes + plane;
}
