namespace Sagitta.Autodiff.Solvers;

/// <summary>The gradients of the tensors that a problem depends on, to be added to; empty where an input wants none.</summary>
internal readonly ref struct ProblemGradients
{
    private readonly Tape<double> _tape;
    private readonly ReadOnlySpan<int> _indices;

    internal ProblemGradients(Tape<double> tape, ReadOnlySpan<int> indices)
    {
        _tape = tape;
        _indices = indices;
    }

    /// <summary>Number of inputs.</summary>
    public int Count => _indices.Length;

    /// <summary>Gradient of one input, row by row, or an empty span.</summary>
    public Span<double> this[int input] => _tape.RequiresGradient(_indices[input]) ? _tape.GradientOf(_indices[input]) : default;
}
