namespace Sagitta.Experiments.Landscapes;

/// <summary>Analysis of the Hessian.</summary>
internal sealed record CurvatureOptions
{
    /// <summary>Calorimeter frames (published: 10).</summary>
    public int Frames { get; init; } = 10;

    /// <summary>Muon events. Kinks lie closer together the more there are: with twice as many, products of single models are no longer
    /// safely exact to 1e-5.</summary>
    public int Events { get; init; } = 48;

    /// <summary>Leading eigenpairs (published: 2).</summary>
    public int Eigenpairs { get; init; } = 2;

    /// <summary>Largest residual of an eigenpair relative to its eigenvalue. An eigenvalue is off by about the square of this.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>Most Lanczos steps.</summary>
    public int MostSteps { get; init; } = 60;

    /// <summary>Probes of the trace; the first model of each method only, as for the density and power iteration.</summary>
    public int Probes { get; init; } = 20;

    /// <summary>Starts of the spectral density.</summary>
    public int DensityProbes { get; init; } = 2;

    /// <summary>Lanczos steps from each start.</summary>
    public int DensitySteps { get; init; } = 40;

    /// <summary>Largest relative change at which power iteration ends.</summary>
    public double PowerTolerance { get; init; } = 1e-5;

    /// <summary>Most power iterations for each eigenpair.</summary>
    public int PowerIterations { get; init; } = 100;
}
