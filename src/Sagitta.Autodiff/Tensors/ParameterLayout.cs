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

/// <summary>One named matrix inside a <see cref="ParameterLayout"/>.</summary>
/// <param name="Name">Path of the parameter, unique in its layout ("layers.0.attention.left.weight").</param>
/// <param name="Offset">First element in the flat vector, a multiple of 16.</param>
/// <param name="Rows">Rows; a weight has one row per input.</param>
/// <param name="Columns">Columns; a weight has one column per output, a bias has one row.</param>
/// <param name="Initialisation">How its first values are drawn.</param>
internal sealed record Parameter(string Name, int Offset, int Rows, int Columns, Initialisation Initialisation)
{
    /// <summary>Rows times columns.</summary>
    public int Length => Rows * Columns;

    /// <summary>False for numbers that travel with a network but are not trained (running averages): they never get a gradient.</summary>
    public bool Trainable { get; init; } = true;
}

/// <summary>How the first values of a parameter are drawn.</summary>
internal abstract record Initialisation
{
    private Initialisation()
    {
    }

    /// <summary>One value of the parameter.</summary>
    public abstract double Draw(ref RandomDraws draws);

    /// <summary>The same number everywhere.</summary>
    public sealed record Constant(double Value) : Initialisation
    {
        public override double Draw(ref RandomDraws draws) => Value;
    }

    /// <summary>Uniform within plus or minus the bound.</summary>
    public sealed record Uniform(double Bound) : Initialisation
    {
        /// <summary>Glorot and Bengio (AISTATS 2010), equation 16.</summary>
        public static Uniform Glorot(int inputs, int outputs) => new(Math.Sqrt(6.0 / (inputs + outputs)));

        /// <summary>The default of PyTorch's Linear: one over the square root of the inputs.</summary>
        public static Uniform FanIn(int inputs) => new(1 / Math.Sqrt(inputs));

        public override double Draw(ref RandomDraws draws) => draws.NextUniform(-Bound, Bound);
    }
}
