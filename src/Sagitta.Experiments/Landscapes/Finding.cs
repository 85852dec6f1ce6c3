namespace Sagitta.Experiments.Landscapes;

/// <summary>One thing that a run found, in words made from its numbers.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Answer">What was found, with the notation of a paragraph.</param>
internal sealed record Finding(string Question, string Answer);
