namespace Sagitta.Experiments.Validation;

/// <summary>Passages of a reference behind one thickness of phantom.</summary>
/// <param name="Name">For tables: "water 150".</param>
/// <param name="Phantom">Thickness, mm.</param>
/// <param name="Deposits">The passages; events count from 0.</param>
internal sealed record CalorimeterSample(string Name, double Phantom, CalorimeterDeposits Deposits);
