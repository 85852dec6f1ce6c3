namespace Sagitta.Tracking.Fitting;

/// <summary>How outlying planes lose their say in a fit, smoothly and with exact gradients.</summary>
internal sealed record RobustFitOptions
{
    /// <summary>Pull from which planes act with bounded force on the robust fit, in standard deviations.</summary>
    public double Scale { get; init; } = 2;

    /// <summary>Pull at which a plane's presence falls to a quarter in the fit that follows.</summary>
    public double OutlierPull { get; init; } = 6;

    /// <summary>What scattering adds to a plane's error in that judgement, mm GeV: times q/pT.</summary>
    public double Scattering { get; init; } = 1;
}
