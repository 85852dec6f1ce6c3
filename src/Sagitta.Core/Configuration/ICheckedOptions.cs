namespace Sagitta.Core.Configuration;

/// <summary>Options whose values are checked beyond their types when they are read from a file.</summary>
internal interface ICheckedOptions
{
    /// <summary>What is wrong: the property, the problem and what would be right; nothing if all is well.</summary>
    IEnumerable<OptionProblem> Check();
}
