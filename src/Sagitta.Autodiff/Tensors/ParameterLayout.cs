namespace Sagitta.Autodiff.Tensors;

/// <summary>
/// The names, shapes and places of all parameters of a network in one flat vector. Layers register theirs when they are
/// built; the values live in a <see cref="ParameterVector{T}"/>, in float for training and in double for checks.
/// </summary>
internal sealed class ParameterLayout
{
    // Slices begin on multiples of 16 elements, 64 bytes in float: kernels may load whole vectors.
    private const int Alignment = 16;
    private readonly List<Parameter> _parameters = [];
    private readonly Dictionary<string, Parameter> _byName = new(StringComparer.Ordinal);

    /// <summary>All parameters in the order of registration.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Length of the flat vector, padding included.</summary>
    public int Length { get; private set; }

    /// <summary>Number of trainable numbers, padding excluded.</summary>
    public int Count { get; private set; }

    /// <summary>Registers a parameter.</summary>
    public Parameter Add(string name, int rows, int columns, Initialisation initialisation) =>
        Add(name, rows, columns, initialisation, trainable: true);

    /// <summary>Registers numbers that are stored with the network but not trained, such as running averages.</summary>
    public Parameter AddBuffer(string name, int rows, int columns, Initialisation initialisation) =>
        Add(name, rows, columns, initialisation, trainable: false);

    /// <summary>The parameter of that name, or null.</summary>
    public Parameter? Find(string name) => _byName.GetValueOrDefault(name);

    private Parameter Add(string name, int rows, int columns, Initialisation initialisation, bool trainable)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        Parameter parameter = new(name, Length, rows, columns, initialisation) { Trainable = trainable };
        if (!_byName.TryAdd(name, parameter))
        {
            throw new ArgumentException($"A parameter named '{name}' is registered already: give each layer its own prefix.", nameof(name));
        }

        _parameters.Add(parameter);
        Count += trainable ? parameter.Length : 0;
        Length += (parameter.Length + Alignment - 1) / Alignment * Alignment;
        return parameter;
    }
}
