namespace Sagitta.Experiments.Runs;

/// <summary>Why a run ended early, in one line for its user.</summary>
/// <param name="IsBadInput">Whether something that the user gave is at fault.</param>
/// <param name="Message">What is wrong, where, and what would be right.</param>
internal sealed record RunFailure(bool IsBadInput, string Message)
{
    /// <summary>Reads an exception; of several at once (parallel work) the first.</summary>
    public static RunFailure Of(Exception problem) => problem switch
    {
        BadInputException => new(IsBadInput: true, problem.Message),
        AggregateException { InnerExceptions: [{ } first, ..] } => Of(first),
        _ => new(IsBadInput: false, $"{problem.Message.ReplaceLineEndings(" ")} ({problem.GetType().Name}; SAGITTA_TRACE=1 shows where)"),
    };
}
