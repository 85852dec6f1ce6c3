using System.Numerics;

namespace Sagitta.Autodiff.Tensors;

/// <summary>
/// Records the operations of one step and runs them backward. Owns all memory of the step: tensors are handles into its
/// arena, entries live in arrays that are reused, so after warm-up a step allocates nothing on the managed heap.
/// Single-threaded: parallel work gives each fixed chunk of a batch a tape of its own.
/// </summary>
/// <param name="recording">Whether operations are remembered; a tape that does not only computes (inference).</param>
/// <param name="backward">
/// Memory for gradients and for what backward passes need meanwhile; null for the tape's own. Tapes whose backward passes follow one
/// another may share it, so that it stays in the caches: preparing the gradients of one tape ends the life of the gradients of the others.
/// </param>
internal sealed unsafe class Tape<T>(bool recording = true, Arena? backward = null) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Arena _arena = new();
    private readonly Arena? _backward = backward;
    private readonly List<object> _borrowed = [];
    private Node[] _nodes = new Node[64];
    private Entry[] _entries = new Entry[64];
    private int[] _links = new int[256];
    private int _nodeCount;
    private int _entryCount;
    private int _linkCount;
    private ParameterVector<T>? _parameters;
    private ParameterVector<T>? _gradients;
    private bool _prepared;
    private bool _goingBackward;

    /// <summary>Whether operations are remembered.</summary>
    public bool Recording { get; } = recording;

    /// <summary>Bytes held by the arena.</summary>
    public long Capacity => _arena.Capacity;

    /// <summary>Whether parameters are bound.</summary>
    public bool HasParameters => _parameters is not null;

    /// <summary>Number of resets: a tensor of an earlier one is stale.</summary>
    internal int Generation { get; private set; }

    /// <summary>
    /// Binds the parameters that <see cref="Use"/> reads, or none, and, when recording, the vector that their gradients are added to.
    /// </summary>
    public void Bind(ParameterVector<T>? parameters, ParameterVector<T>? gradients = null)
    {
        if (gradients is not null && !ReferenceEquals(gradients.Layout, parameters?.Layout))
        {
            throw new ArgumentException(
                "Gradients and parameters must share one layout: create the gradient vector from parameters.Layout.", nameof(gradients));
        }

        _parameters = parameters;
        _gradients = gradients;
    }

    /// <summary>Forgets all tensors and operations; memory is kept for the next step.</summary>
    public void Reset()
    {
        Generation++;
        Array.Clear(_entries, 0, _entryCount);
        _nodeCount = 0;
        _entryCount = 0;
        _linkCount = 0;
        _prepared = false;
        _goingBackward = false;
        _borrowed.Clear();
        _arena.Reset();
    }

    /// <summary>A copy of <paramref name="values"/> without gradient.</summary>
    public Tensor<T> Constant(ReadOnlySpan<T> values, int rows, int columns) => CopyOf(values, rows, columns, requiresGradient: false);

    /// <summary>
    /// The first numbers of <paramref name="values"/>, without gradient and without a copy: they must stay as they are as long as the
    /// tensor is used.
    /// </summary>
    public Tensor<T> Borrow(PinnedBuffer<T> values, int rows, int columns)
    {
        if (values.Length < rows * columns)
        {
            throw new ArgumentException($"{values.Length} values do not fill {rows} x {columns}.", nameof(values));
        }

        int index = AddNode(rows, columns);
        _nodes[index].Values = values.Pointer;
        _borrowed.Add(values);
        return new(this, Generation, index, rows, columns);
    }

    /// <summary>A copy of <paramref name="values"/> whose gradient is wanted.</summary>
    public Tensor<T> Leaf(ReadOnlySpan<T> values, int rows, int columns) => CopyOf(values, rows, columns, requiresGradient: Recording);

    /// <summary>The bound values of a parameter; its gradient is the bound gradient's slice.</summary>
    public Tensor<T> Use(Parameter parameter)
    {
        if (_parameters is null)
        {
            throw new InvalidOperationException("No parameters are bound to this tape: call Bind before a layer's forward pass.");
        }

        int index = AddNode(parameter.Rows, parameter.Columns);
        ref Node node = ref _nodes[index];
        node.Values = _parameters.PointerTo(parameter);
        if (Recording && _gradients is not null && parameter.Trainable)
        {
            node.RequiresGradient = true;
            node.Gradient = _gradients.PointerTo(parameter);
        }

        return new(this, Generation, index, parameter.Rows, parameter.Columns);
    }

    /// <summary>A tensor for an operation's output or scratch; its values are not cleared.</summary>
    public Tensor<T> Allocate(int rows, int columns, bool requiresGradient = false)
    {
        int index = AddNode(rows, columns);
        ref Node node = ref _nodes[index];
        node.Values = _arena.Allocate<T>(checked(rows * columns));
        node.RequiresGradient = requiresGradient && Recording;
        return new(this, Generation, index, rows, columns);
    }

    /// <summary>Scratch memory of any element type, valid until the next reset, not cleared; what a backward pass takes, until another
    /// backward pass on the same memory.</summary>
    public Span<TElement> Scratch<TElement>(int length)
        where TElement : unmanaged => new(ScratchPointer<TElement>(length), length);

    /// <summary>
    /// Remembers a step if recording and any output requires a gradient. Outputs must be allocated with the right
    /// <c>requiresGradient</c>, usually <see cref="AnyRequiresGradient"/> of the inputs. Throws, recording or not, when an input belongs to
    /// another tape, on which its gradient would silently be lost.
    /// </summary>
    public void Record(Operation<T> operation, ReadOnlySpan<Tensor<T>> inputs, ReadOnlySpan<Tensor<T>> outputs,
        ReadOnlySpan<Tensor<T>> saved = default, object? context = null, double number = 0)
    {
        RequireOwn(operation, inputs);
        RequireOwn(operation, saved);
        if (!Recording || !AnyRequiresGradient(outputs))
        {
            return;
        }

        int total = inputs.Length + outputs.Length + saved.Length;
        if (_linkCount + total > _links.Length)
        {
            Array.Resize(ref _links, Math.Max(_links.Length * 2, _linkCount + total));
        }

        if (_entryCount == _entries.Length)
        {
            Array.Resize(ref _entries, _entries.Length * 2);
        }

        _entries[_entryCount++] = new(operation, _linkCount, inputs.Length, outputs.Length, saved.Length, context, number);
        foreach (Tensor<T> tensor in inputs)
        {
            _links[_linkCount++] = tensor.Index;
        }

        foreach (Tensor<T> tensor in outputs)
        {
            _links[_linkCount++] = tensor.Index;
        }

        foreach (Tensor<T> tensor in saved)
        {
            _links[_linkCount++] = tensor.Index;
        }
    }

    /// <summary>Whether any of the tensors requires a gradient.</summary>
    public static bool AnyRequiresGradient(ReadOnlySpan<Tensor<T>> tensors)
    {
        foreach (Tensor<T> tensor in tensors)
        {
            if (tensor.RequiresGradient)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives every tensor that requires one a gradient of zeros, so that a caller can seed several outputs.</summary>
    public void PrepareGradients()
    {
        if (_prepared)
        {
            return;
        }

        if (!_goingBackward)
        {
            _backward?.Reset();
            _goingBackward = true;
        }

        for (int i = 0; i < _nodeCount; i++)
        {
            ref Node node = ref _nodes[i];
            if (node.RequiresGradient && node.Gradient is null)
            {
                int length = node.Rows * node.Columns;
                node.Gradient = (_backward ?? _arena).Allocate<T>(length);
                new Span<T>(node.Gradient, length).Clear();
            }
        }

        _prepared = true;
    }

    /// <summary>Runs all recorded operations backward from the gradients that were seeded. One whose outputs got none, or only zeros, has
    /// none to pass on and is left out.</summary>
    public void Backward()
    {
        PrepareGradients();
        for (int i = _entryCount - 1; i >= 0; i--)
        {
            ref readonly Entry entry = ref _entries[i];
            ReadOnlySpan<int> links = _links.AsSpan(entry.FirstLink, entry.Inputs + entry.Outputs + entry.Saved);
            if (AnyGradient(links.Slice(entry.Inputs, entry.Outputs)))
            {
                entry.Operation.Backward(new RecordedStep<T>(this, links, entry.Inputs, entry.Outputs, entry.Context, entry.Number));
            }
        }
    }

    /// <summary>Runs backward from a scalar whose gradient is 1.</summary>
    public void Backward(Tensor<T> scalar)
    {
        if (scalar.Length != 1 || !scalar.RequiresGradient)
        {
            throw new ArgumentException(
                $"Backward starts at a 1 x 1 tensor that depends on a parameter or leaf, not at {scalar.Rows} x {scalar.Columns}.", nameof(
                scalar));
        }

        PrepareGradients();
        scalar.Gradient[0] = T.One;
        Backward();
    }

    public void Dispose()
    {
        Generation++;
        _arena.Dispose();
    }

    internal Span<T> ValuesOf(int index)
    {
        ref readonly Node node = ref _nodes[index];
        return new(node.Values, node.Rows * node.Columns);
    }

    internal Span<T> GradientOf(int index)
    {
        ref readonly Node node = ref _nodes[index];
        return node.Gradient is null ? default : new(node.Gradient, node.Rows * node.Columns);
    }

    internal T* PointerTo(int index) => _nodes[index].Values;

    internal T* GradientPointerTo(int index) => _nodes[index].Gradient;

    internal TElement* ScratchPointer<TElement>(int length)
        where TElement : unmanaged => ((_goingBackward ? _backward : null) ?? _arena).Allocate<TElement>(length);

    internal bool RequiresGradient(int index) => _nodes[index].RequiresGradient;

    internal Tensor<T> TensorAt(int index) => new(this, Generation, index, _nodes[index].Rows, _nodes[index].Columns);

    private Tensor<T> CopyOf(ReadOnlySpan<T> values, int rows, int columns, bool requiresGradient)
    {
        if (values.Length != rows * columns)
        {
            throw new ArgumentException($"{values.Length} values do not fill {rows} x {columns}.", nameof(values));
        }

        Tensor<T> tensor = Allocate(rows, columns, requiresGradient);
        values.CopyTo(tensor.Values);
        return tensor;
    }

    private bool AnyGradient(ReadOnlySpan<int> outputs)
    {
        foreach (int output in outputs)
        {
            if (GradientOf(output).ContainsAnyExcept(T.Zero))
            {
                return true;
            }
        }

        return false;
    }

    private void RequireOwn(Operation<T> operation, ReadOnlySpan<Tensor<T>> tensors)
    {
        foreach (Tensor<T> tensor in tensors)
        {
            if (!ReferenceEquals(tensor.Tape, this))
            {
                throw new InvalidOperationException(
                    $"The inputs of '{operation.Name}' are on different tapes{(tensor.Tape.Recording == Recording ? "" : ", one of which "
                        + "does not record")}: a gradient cannot pass between tapes. Make all inputs on one tape, or copy the values of "
                        + "those that need no gradient with its Constant.");
            }

            _ = tensor.LiveIndex;
        }
    }

    private int AddNode(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (_nodeCount == _nodes.Length)
        {
            Array.Resize(ref _nodes, _nodes.Length * 2);
        }

        _nodes[_nodeCount] = new() { Rows = rows, Columns = columns };
        _prepared = false;
        return _nodeCount++;
    }

    private struct Node
    {
        public T* Values;
        public T* Gradient;
        public int Rows;
        public int Columns;
        public bool RequiresGradient;
    }

    private readonly record struct Entry(Operation<T> Operation, int FirstLink, int Inputs, int Outputs, int Saved, object? Context,
        double Number);
}
