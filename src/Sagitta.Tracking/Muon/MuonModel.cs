namespace Sagitta.Tracking.Muon;

/// <summary>A trained network with the reading that was chosen for it on validation events.</summary>
/// <param name="Method">How it was trained.</param>
/// <param name="Experiment">The configuration that it was trained with.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Reading">How its logits become weights.</param>
internal sealed record MuonModel(MuonMethod Method, MuonExperiment Experiment, ParameterVector<float> Parameters, MuonReading Reading)
{
    /// <summary>The reading that was chosen for a fit with removal of outliers; null in files that hold none.</summary>
    public MuonReading? OutlierReading { get; init; }
}
