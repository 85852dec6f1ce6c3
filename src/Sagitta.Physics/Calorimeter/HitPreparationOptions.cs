namespace Sagitta.Physics.Calorimeter;

/// <summary>How passages become hits.</summary>
internal sealed record HitPreparationOptions
{
    /// <summary>
    /// Whether rows of electrons, positrons and photons are kept. Most of them lie within a pixel or two of their proton's hit and would
    /// merge with it in a real readout. Files without particle codes keep all rows.
    /// </summary>
    public bool KeepElectronsAndPhotons { get; init; }

    /// <summary>Hits whose pixel cluster would be smaller than this are dropped.</summary>
    public int SmallestCluster { get; init; } = 2;

    /// <summary>
    /// Layers behind a gap (a layer without any hit) are cut off. The published code also drops the last layer before the gap, by
    /// taking an index for a layer number; this switches that on, for comparison.
    /// </summary>
    public bool DropLayerBeforeGap { get; init; }

    /// <summary>As the published code does it.</summary>
    public static HitPreparationOptions Published { get; } = new() { KeepElectronsAndPhotons = true, DropLayerBeforeGap = true };
}
