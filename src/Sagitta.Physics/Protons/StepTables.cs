namespace Sagitta.Physics.Protons;

/// <summary>What depends on a step's mixture alone: steps of one mixture share it.</summary>
/// <param name="Range">Range and energy.</param>
/// <param name="Targets">Nuclear reactions.</param>
internal sealed record StepTables(RangeTable Range, NuclearTargets Targets);
