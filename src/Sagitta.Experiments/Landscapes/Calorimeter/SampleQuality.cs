namespace Sagitta.Experiments.Landscapes.Calorimeter;

/// <summary>How well one model finds tracks on one sample; errors from the spread of frames.</summary>
/// <param name="Model">The model.</param>
/// <param name="Water">Thickness of water, mm.</param>
/// <param name="Protons">Protons of a frame.</param>
/// <param name="Purity">Mean purity.</param>
/// <param name="PurityError">Its standard error.</param>
/// <param name="Efficiency">Mean efficiency.</param>
/// <param name="EfficiencyError">Its standard error.</param>
/// <param name="EfficiencyReference">Mean efficiency as published counts it.</param>
internal sealed record SampleQuality(
    ModelName Model, int Water, int Protons, double Purity, double PurityError, double Efficiency, double EfficiencyError,
        double EfficiencyReference);
