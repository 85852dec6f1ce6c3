namespace Sagitta.Autodiff.Solvers;

/// <summary>The values of the tensors that a problem depends on, in the order in which they were given to
/// <see cref="ImplicitSolve{TProblem}"/>.</summary>
internal readonly ref struct ProblemInputs
{
    private readonly Tape<double> _tape;
    private readonly ReadOnlySpan<int> _indices;

    internal ProblemInputs(Tape<double> tape, ReadOnlySpan<int> indices)
    {
        _tape = tape;
        _indices = indices;
    }

    /// <summary>Number of inputs.</summary>
    public int Count => _indices.Length;

    /// <summary>Values of one input, row by row.</summary>
    public ReadOnlySpan<double> this[int input] => _tape.ValuesOf(_indices[input]);
}
