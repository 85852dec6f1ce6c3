namespace Sagitta.Experiments.Reports.Documents;

/// <summary>A piece of a report, set below the piece before it.</summary>
public abstract record Block;
