using System.Numerics;
using System.Runtime.InteropServices;

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

/// <summary>Parameters of a network in safetensors files.</summary>
internal static class ParameterStorage
{
    /// <summary>Adds every parameter of a network as [rows, columns] under its own name behind a prefix.</summary>
    public static void Add<T>(this SafeTensorsWriter file, ParameterVector<T> parameters, string prefix = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (Parameter parameter in parameters.Layout.Parameters)
        {
            file.Add<T>(prefix + parameter.Name, parameters.Slice(parameter), parameter.Rows, parameter.Columns);
        }
    }

    /// <summary>
    /// Checks that <see cref="CopyTo{T}"/> would succeed: every parameter must be there in its shape, and no other tensor may begin
    /// with the prefix. Single precision may be read into double, not the other way round.
    /// </summary>
    public static void Check<T>(this SafeTensorsReader file, ParameterVector<T> parameters, string prefix = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (Parameter parameter in parameters.Layout.Parameters)
        {
            string name = prefix + parameter.Name;
            SafeTensor tensor = file.Find(name);
            long rows = tensor.Shape.Length == 2 ? tensor.Shape[0] : 1, columns = tensor.Shape.Length == 0 ? 1 : tensor.Shape[^1];
            if (tensor.Shape.Length > 2 || rows != parameter.Rows || columns != parameter.Columns)
            {
                throw new BadInputException(file.Place(name), $"its shape is [{string.Join(", ", tensor.Shape)}]",
                    $"this network has [{parameter.Rows}, {parameter.Columns}]: was the file made with other settings?");
            }

            bool exact = string.Equals(tensor.Type, SafeTensor.TypeOf<T>(), StringComparison.Ordinal);
            if (!exact && !(typeof(T) == typeof(double) && tensor.Type == "F32"))
            {
                throw new BadInputException(file.Place(name), $"its numbers are {tensor.Type}", $"{SafeTensor.TypeOf<T>()} is wanted");
            }
        }

        foreach (string name in file.Names)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && parameters.Layout.Find(name[prefix.Length..]) is null)
            {
                throw new BadInputException(file.Place(name), "this network has no such parameter",
                    "give a file made with the same settings");
            }
        }
    }

    /// <summary>Fills a network's parameters by name, after a <see cref="Check{T}"/>: all of them or none.</summary>
    public static void CopyTo<T>(this SafeTensorsReader file, ParameterVector<T> parameters, string prefix = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        file.Check(parameters, prefix);
        foreach (Parameter parameter in parameters.Layout.Parameters)
        {
            SafeTensor tensor = file.Find(prefix + parameter.Name);
            Span<T> target = parameters.Slice(parameter);
            if (tensor.Type == "F32")
            {
                ReadOnlySpan<float> source = MemoryMarshal.Cast<byte, float>(file.Data(tensor));
                for (int i = 0; i < target.Length; i++)
                {
                    target[i] = T.CreateTruncating(source[i]);
                }
            }
            else
            {
                MemoryMarshal.Cast<byte, T>(file.Data(tensor)).CopyTo(target);
            }
        }
    }
}
