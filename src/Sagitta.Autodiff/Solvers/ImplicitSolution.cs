namespace Sagitta.Autodiff.Solvers;

/// <summary>What a solve returns: valid until the tape is reset.</summary>
internal readonly ref struct ImplicitSolution
{
    internal ImplicitSolution(Tensor<double> value, ReadOnlySpan<SolveStatus> statuses)
    {
        Value = value;
        Statuses = statuses;
    }

    /// <summary>Items x unknowns; finite, also where the status says that it means nothing.</summary>
    public Tensor<double> Value { get; }

    /// <summary>How each item ended.</summary>
    public ReadOnlySpan<SolveStatus> Statuses { get; }
}
