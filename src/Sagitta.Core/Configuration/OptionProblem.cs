namespace Sagitta.Core.Configuration;

/// <summary>A value that can't be used.</summary>
/// <param name="Field">The property, nameof(BatchSize), or a path of fields below the record: "planes[1].z".</param>
/// <param name="Problem">What is wrong: "0 events make no batch".</param>
/// <param name="Remedy">What would be right: "give 1 or more".</param>
public sealed record OptionProblem(string Field, string Problem, string Remedy);

/// <summary>Options whose values are checked beyond types and ranges when they are read from a file.</summary>
internal interface ICheckedOptions
{
    /// <summary>What is wrong: the field, the problem and what would be right; nothing if all is well.</summary>
    IEnumerable<OptionProblem> Check();
}
