namespace Sagitta.Autodiff.Tensors;

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
