using System.Numerics;

namespace Sagitta.Autodiff.Tensors;

/// <summary>Values (or gradients, or optimiser moments) of all parameters of a layout, as one flat vector. Padding stays zero.</summary>
internal sealed unsafe class ParameterVector<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> _buffer;

    /// <summary>Zeros for every parameter of the layout; no parameter may be registered afterwards.</summary>
    public ParameterVector(ParameterLayout layout)
    {
        Layout = layout;
        _buffer = new(layout.Length);
    }

    /// <summary>What lies where.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>All numbers, padding included.</summary>
    public Span<T> Values => _buffer.Values;

    /// <summary>The numbers of one parameter.</summary>
    public Span<T> Slice(Parameter parameter) => Values.Slice(parameter.Offset, parameter.Length);

    /// <summary>Draws first values: each parameter from the key split by its name, so that adding a layer leaves the others' values
    /// alone.</summary>
    public void Initialise(RandomKey key)
    {
        foreach (Parameter parameter in Layout.Parameters)
        {
            RandomDraws draws = key.Split(parameter.Name).Draws();
            foreach (ref T value in Slice(parameter))
            {
                value = T.CreateChecked(parameter.Initialisation.Draw(ref draws));
            }
        }
    }

    /// <summary>Copies values from a vector of the same layout in any precision.</summary>
    public void CopyFrom<TOther>(ParameterVector<TOther> other)
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
    {
        if (other.Layout.Length != Layout.Length)
        {
            throw new ArgumentException("The two vectors belong to different networks.", nameof(other));
        }

        Span<T> target = Values;
        ReadOnlySpan<TOther> source = other.Values;
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = T.CreateTruncating(source[i]);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _buffer.Dispose();

    internal T* PointerTo(Parameter parameter)
    {
        if (parameter.Offset + parameter.Length > _buffer.Length)
        {
            throw new InvalidOperationException($"Parameter '{parameter.Name}' was registered after this vector was created.");
        }

        return _buffer.Pointer + parameter.Offset;
    }
}
