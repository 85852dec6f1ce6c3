namespace Sagitta.Autodiff.Solvers;

/// <summary>What a linear assignment came to.</summary>
/// <param name="Cardinality">Number of matched pairs, the largest that the allowed entries permit.</param>
/// <param name="Cost">Sum of the costs of the matched pairs, the smallest at that cardinality.</param>
public readonly record struct AssignmentOutcome(int Cardinality, double Cost);
