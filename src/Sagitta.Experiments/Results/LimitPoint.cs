namespace Sagitta.Experiments.Results;

/// <summary>The limit at one momentum.</summary>
/// <param name="Pt">GeV.</param>
/// <param name="Relative">Smallest possible standard deviation of (q/pT - truth)/truth.</param>
public sealed record LimitPoint(double Pt, double Relative);
