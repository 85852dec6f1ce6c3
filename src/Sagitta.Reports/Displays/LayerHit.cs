namespace Sagitta.Reports.Displays;

/// <summary>A hit of a readout frame.</summary>
/// <param name="Layer">Layer along the beam, from 0.</param>
/// <param name="X">mm.</param>
/// <param name="Y">mm.</param>
/// <param name="Z">mm along the beam.</param>
/// <param name="Deposit">Deposited energy, keV.</param>
/// <param name="Primary">Number of the primary that it comes from; negative if unknown.</param>
internal readonly record struct LayerHit(int Layer, double X, double Y, double Z, double Deposit, int Primary);
