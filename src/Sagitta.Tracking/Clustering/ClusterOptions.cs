using System.ComponentModel.DataAnnotations;

namespace Sagitta.Tracking.Clustering;

/// <summary>Settings of the soft clustering.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The summed weight at which a plane is half present: presence = W / (W + this).</summary>
    [Range(1e-9, 1e3)]
    public double HalfPresence { get; init; } = 0.1;

    /// <summary>Error model.</summary>
    public ClusterResolution Resolution { get; init; } = new();
}

/// <summary>
/// How the error of a plane's centroid follows from its strips, calibrated on simulated muons so that the core of (centroid - crossing) /
/// error is 1. With p the pitch, v the strips' weighted variance about the centroid, k the sum of their squared shares (1 for a single
/// strip) and f the variance of the centroid by strips that are the muon's only with a probability: what no track is needed for, I = p^2 (A
/// + B k^4) + F f; without a track, sigma^2 = I + G v^2 / (v + p^2 H); with one that crosses a gap g at an angle psi to z, T = g^2 tan^2
/// psi / 12 being the variance of a uniform trail of charge and D p^2 that of a vertical one, sigma^2 = I + T (c + a / (1 + (b v / (T + D
/// p^2))^2)) + e E: a cluster narrower than its trail has lost an end and is displaced, one that is wider by E holds foreign charge. Smooth
/// in every weight, and in the track.
/// </summary>
internal sealed record ClusterResolution
{
    /// <summary>A: what no number of strips removes, in pitches squared.</summary>
    [Range(0, 1e3)]
    public double Constant { get; init; } = 0.0026;

    /// <summary>B: what a single strip adds, in pitches squared.</summary>
    [Range(0, 1e3)]
    public double SingleStrip { get; init; } = 0.0431;

    /// <summary>F: share of the variance by uncertain strips that counts.</summary>
    [Range(0, 1e3)]
    public double Foreign { get; init; } = 1;

    /// <summary>G: share of a large weighted variance that is error of the centroid, while the track is unknown.</summary>
    [Range(0, 1e3)]
    public double Spread { get; init; } = 0.256;

    /// <summary>H: weighted variance at which half of that share is reached, in pitches squared.</summary>
    [Range(1e-9, 1e6)]
    public double SpreadOnset { get; init; } = 1.58;

    /// <summary>c: share of the trail's variance that is error of a complete cluster's centroid.</summary>
    [Range(0, 1e3)]
    public double Trail { get; init; } = 0.0287;

    /// <summary>a: what a cluster without width adds to that share.</summary>
    [Range(0, 1e3)]
    public double LostTrail { get; init; } = 0.82;

    /// <summary>b: how fast that falls with the cluster's width.</summary>
    [Range(0, 1e3)]
    public double LostTrailFall { get; init; } = 3.79;

    /// <summary>D: variance of a vertical muon's cluster, in pitches squared.</summary>
    [Range(0, 1e3)]
    public double VerticalSpread { get; init; } = 0.352;

    /// <summary>e: share of the width beyond the trail's that is error.</summary>
    [Range(0, 1e3)]
    public double Excess { get; init; } = 0.171;

    /// <summary>I in mm^2.</summary>
    public double Intrinsic(double pitch, double concentration, double foreign)
    {
        double square = concentration * concentration;
        return (pitch * pitch * (Constant + (SingleStrip * square * square))) + (Foreign * foreign);
    }

    /// <summary>What width adds to it while the track is unknown, in mm^2, and the derivative by the width (mm^2).</summary>
    public double WithoutTrack(double pitch, double width, out double byWidth)
    {
        double sum = width + (SpreadOnset * pitch * pitch);
        double ratio = width / sum;
        byWidth = Spread * ratio * (2 - ratio);
        return Spread * width * ratio;
    }

    /// <summary>What trail and width add for a track of slope dy/dz through a gap, in mm^2, and the derivatives.</summary>
    public double WithTrack(double pitch, double gap, double tangent, double width, out double byTangent, out double byWidth)
    {
        double trail = gap * gap * tangent * tangent / 12;
        double expected = trail + (VerticalSpread * pitch * pitch);
        double x = LostTrailFall * width / expected;
        double lost = LostTrail / (1 + (x * x));

        // The excess is a softened max(0, width - expected).
        double beyond = width - expected;
        double soft = pitch * pitch / 8;
        double root = Math.Sqrt((beyond * beyond) + (soft * soft));
        double byBeyond = 0.5 * Excess * (1 + (beyond / root));
        double byX = -2 * trail * lost * x / (1 + (x * x));
        double byTrail = Trail + lost - (byX * x / expected) - byBeyond;
        byWidth = (byX * LostTrailFall / expected) + byBeyond;
        byTangent = byTrail * gap * gap * tangent / 6;
        return (trail * (Trail + lost)) + (0.5 * Excess * (beyond + root));
    }
}
