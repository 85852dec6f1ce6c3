namespace Sagitta.Reports.Documents;

/// <summary>A piece of a report, set below the piece before it.</summary>
internal abstract record Block;
