using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Sagitta.Core.Files;

/// <summary>
/// A safetensors file in memory. Whatever is wrong with the file is a <see cref="BadInputException"/> that names the file and
/// the tensor.
/// </summary>
internal sealed class SafeTensorsReader
{
    internal const string MetadataKey = "__metadata__";
    private readonly byte[] _bytes;
    private readonly int _dataStart;
    private readonly Dictionary<string, SafeTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    /// <summary>Reads a file.</summary>
    public SafeTensorsReader(string path)
        : this(ReadFile(path), path)
    {
    }

    /// <summary>Reads from memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    public SafeTensorsReader(byte[] bytes, string name)
    {
        Name = name;
        _bytes = bytes;
        if (bytes.Length < 8)
        {
            throw Damaged($"{bytes.Length} bytes are no safetensors file");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (length > (ulong)(bytes.Length - 8))
        {
            throw Damaged($"the header should have {length} bytes but {bytes.Length - 8} follow");
        }

        _dataStart = 8 + (int)length;
        try
        {
            using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(8, (int)length));
            CheckNames(header.RootElement, "tensor");
            foreach (JsonProperty property in header.RootElement.EnumerateObject())
            {
                CheckNames(property.Value, property.NameEquals(MetadataKey) ? "metadata entry" : $"field of tensor '{property.Name}':");
                if (property.NameEquals(MetadataKey))
                {
                    foreach (JsonProperty text in property.Value.EnumerateObject())
                    {
                        _metadata[text.Name] = text.Value.GetString() ?? string.Empty;
                    }
                }
                else
                {
                    _tensors.Add(property.Name, Parse(property));
                }
            }
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException or FormatException
            or ArgumentException)
        {
            throw Damaged("the header is no safetensors header", problem);
        }

        CheckCoverage();
    }

    /// <summary>The file's name in messages.</summary>
    public string Name { get; }

    /// <summary>Texts that go with the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>All tensors by name.</summary>
    public IReadOnlyDictionary<string, SafeTensor> Tensors => _tensors;

    /// <summary>The text of that key, which must be there.</summary>
    public string RequireMetadata(string key) => _metadata.TryGetValue(key, out string? value)
        ? value
        : throw new BadInputException($"'{Name}'", $"the metadata hold no '{key}'", _metadata.Count == 0
            ? "give a file that this program wrote" : $"they hold: {string.Join(", ", _metadata.Keys.Order(StringComparer.Ordinal))}");

    /// <summary>All numbers of a tensor of exactly this type, row-major.</summary>
    public T[] Read<T>(string name)
        where T : unmanaged
    {
        SafeTensor tensor = Find(name);
        string wanted = SafeTensor.TypeOf<T>();
        return string.Equals(tensor.Type, wanted, StringComparison.Ordinal)
            ? MemoryMarshal.Cast<byte, T>(Data(tensor)).ToArray()
            : throw new BadInputException(Place(name), $"its numbers are {tensor.Type}", $"{wanted} is wanted");
    }

    /// <summary>Names of all tensors.</summary>
    public IEnumerable<string> Names => _tensors.Keys;

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(ReadFiles.Add(path));
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            throw new BadInputException($"'{path}'", "the file can't be read"
                + (File.Exists(path) ? string.Empty : " because it does not exist"), "give an existing safetensors file", problem);
        }
    }

    private void CheckNames(JsonElement owner, string kind)
    {
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        foreach (JsonProperty property in owner.EnumerateObject())
        {
            if (!places.TryAdd(property.Name, places.Count + 1))
            {
                throw new BadInputException($"'{Name}'", $"{kind} '{property.Name}' is given twice, as number {places[property.Name]} and "
                    + $"number {places.Count + 1}", "give each a name of its own");
            }
        }
    }

    private static SafeTensor Parse(JsonProperty property)
    {
        JsonElement offsets = property.Value.GetProperty("data_offsets");
        ImmutableArray<long> shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt64())];
        string type = property.Value.GetProperty("dtype").GetString() ?? string.Empty;
        return offsets.GetArrayLength() == 2
            ? new(property.Name, type, shape, offsets[0].GetInt64(), offsets[1].GetInt64())
            : throw new FormatException("data_offsets holds two numbers");
    }

    /// <summary>A tensor by its name.</summary>
    public SafeTensor Find(string name) => _tensors.TryGetValue(name, out SafeTensor? tensor)
        ? tensor
        : throw new BadInputException($"'{Name}'", $"there is no tensor '{name}'", "give a file made with the same settings");

    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Data(SafeTensor tensor) => _bytes.AsSpan(_dataStart + (int)tensor.Begin, (int)(tensor.End - tensor.Begin));

    private void CheckCoverage()
    {
        long next = 0;
        foreach (SafeTensor tensor in _tensors.Values.OrderBy(t => t.Begin).ThenBy(t => t.End))
        {
            Int128 bytes = SafeTensor.SizeOf(tensor.Type);
            if (bytes == 0)
            {
                throw new BadInputException(Place(tensor.Name), $"element type '{tensor.Type}' is unknown", "save it as F32 or F64");
            }

            foreach (long axis in tensor.Shape)
            {
                // Beyond any file's size the product stays there: it can't come back to match the offsets.
                bytes = axis < 0 ? -1 : Int128.Min(bytes * axis, Int128.One << 62);
            }

            if (tensor.Begin != next || tensor.End < tensor.Begin || bytes != tensor.End - tensor.Begin)
            {
                throw new BadInputException(Place(tensor.Name),
                    $"its place {tensor.Begin}..{tensor.End} does not fit shape [{string.Join(", ", tensor.Shape)}] of {tensor.Type} "
                    + $"behind its neighbours", "the file is damaged: write or copy it again");
            }

            next = tensor.End;
        }

        if (next != _bytes.Length - _dataStart)
        {
            throw Damaged($"the header speaks of {next} bytes of data but {_bytes.Length - _dataStart} follow");
        }
    }

    /// <summary>How messages call it.</summary>
    public string Place(string tensor) => $"'{Name}', tensor '{tensor}'";

    private BadInputException Damaged(string problem, Exception? inner = null) =>
        new($"'{Name}'", problem, "the file is cut off or no safetensors file: write or copy it again", inner);
}

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type: F32, F64, I32, I64 or U8 can be read.</param>
/// <param name="Shape">Lengths of its axes; empty for a scalar.</param>
/// <param name="Begin">First byte after the header.</param>
/// <param name="End">Byte after the last one.</param>
internal sealed record SafeTensor(string Name, string Type, ImmutableArray<long> Shape, long Begin, long End)
{
    /// <summary>The format's name of a .NET number type.</summary>
    internal static string TypeOf<T>()
        where T : unmanaged => System.Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.Single => "F32",
            TypeCode.Double => "F64",
            TypeCode.Int32 => "I32",
            TypeCode.Int64 => "I64",
            TypeCode.Byte => "U8",
            _ => throw new NotSupportedException(
                $"{typeof(T).Name} is no element type of safetensors files here: use float, double, int, long or byte."),
        };

    /// <summary>Bytes of an element, 0 if the type is unknown.</summary>
    internal static int SizeOf(string type) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "U8" or "I8" or "BOOL" => 1,
        _ => 0,
    };
}
