namespace Sagitta.Tracking.Measurement;

/// <summary>What a model adds to the way from weights of hits to tracks.</summary>
/// <param name="Stage">Parameters of the measurement stage; null for none.</param>
/// <param name="ErrorScale">What the fit's error of q/pT is multiplied by, so that the core of pulls on validation events is 1.</param>
internal sealed record MeasurementModel(ParameterVector<double>? Stage, double ErrorScale = 1);
