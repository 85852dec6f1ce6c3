namespace Sagitta.Tracking.LineGraphs;

/// <summary>
/// How hits become segments: which pairs of hits in neighbouring layers (those within an angle of the beam axis), which of them are true,
/// and how angles between segments are taken.
/// </summary>
internal sealed record GateOptions
{
    /// <summary>Largest angle to the beam axis between calorimeter layers, and from the first of them to the tracker, rad; the limit itself
    /// is out.</summary>
    public double CalorimeterAngle { get; init; } = 0.4;

    /// <summary>Largest angle where the deeper hit lies in the tracker or in the first calorimeter layer's place (layer below 3),
    /// rad.</summary>
    public double TrackerAngle { get; init; } = 0.2;

    /// <summary>
    /// Below this deposit in both hits, MeV, a calorimeter segment is taken to be of a fast proton, which scatters little: its angle must
    /// be below <see cref="FastAngle"/>. 0, the default, makes no difference between protons.
    /// </summary>
    public double FastDeposit { get; init; }

    /// <summary>Largest angle of segments of fast protons, rad.</summary>
    public double FastAngle { get; init; } = 0.25;

    /// <summary>
    /// Whether angles between segments are arc cosines of scalar products of unit vectors, all in float, as in the published code: near
    /// zero they have a grain of 3.5e-4 rad, which moves scores of segments by up to some thousandths. For comparison; by default angles
    /// come from chords, which are exact.
    /// </summary>
    public bool AnglesFromCosines { get; init; }

    /// <summary>
    /// Whether a segment is true only if one particle made both hits. By default, as in the published code, both hits need only come from
    /// one event: the step from a proton to the proton that it set free is true as well.
    /// </summary>
    public bool LabelByParticle { get; init; }

    /// <summary>Truth: whether the segment between two hits is true.</summary>
    public bool AreJoined(CalorimeterFrame frame, int a, int b) =>
        frame.TruthEvent[a] == frame.TruthEvent[b] && (!LabelByParticle || frame.TruthTrack[a] == frame.TruthTrack[b]);
}
