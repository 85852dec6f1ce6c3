namespace Sagitta.Reports.Figures;

/// <summary>A mark on an axis.</summary>
/// <param name="Value">Where it is.</param>
/// <param name="Label">Its text; empty for a minor tick. May use <c>^{super}</c>.</param>
internal readonly record struct Tick(double Value, string Label);
