using System.Numerics;

namespace Sagitta.Autodiff.Tensors;

/// <summary>
/// One kind of differentiable step: a stateless singleton whose static front door computes the value and records the step,
/// and whose <see cref="Backward"/> adds to the gradients of the inputs. What a step needs to remember travels in the record.
/// </summary>
internal abstract class Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The name in messages and profiles.</summary>
    public abstract string Name { get; }

    /// <summary>Adds this step's vector-Jacobian product to the gradients of those inputs that require one.</summary>
    public abstract void Backward(in RecordedStep<T> step);
}

/// <summary>What a tape remembers of one operation, as its backward pass sees it.</summary>
internal readonly ref struct RecordedStep<T>(
    Tape<T> tape, ReadOnlySpan<int> tensors, int inputs, int outputs, object? context, double number)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlySpan<int> _tensors = tensors;
    private readonly int _inputs = inputs;
    private readonly int _outputs = outputs;
    private readonly object? _context = context;

    /// <summary>The tape, for scratch memory.</summary>
    public Tape<T> Tape { get; } = tape;

    /// <summary>A scalar setting of the step (a slope, a scale).</summary>
    public double Number { get; } = number;

    /// <summary>Number of inputs.</summary>
    public int Inputs => _inputs;

    internal ReadOnlySpan<int> InputIndices => _tensors[.._inputs];

    /// <summary>Input <paramref name="index"/>, in the order recorded.</summary>
    public Tensor<T> Input(int index) => Tape.TensorAt(_tensors[index]);

    /// <summary>Output <paramref name="index"/>.</summary>
    public Tensor<T> Output(int index = 0) => Tape.TensorAt(_tensors[_inputs + index]);

    /// <summary>An intermediate value kept by the forward pass.</summary>
    public Tensor<T> Saved(int index) => Tape.TensorAt(_tensors[_inputs + _outputs + index]);

    /// <summary>The structure (segments, graph, options) the step was given.</summary>
    public TContext Context<TContext>()
        where TContext : class => (TContext)_context!;
}
