using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sagitta.Core.Files;

/// <summary>
/// Collects tensors and metadata and writes them as one safetensors file (8 bytes of header length, JSON header, data without
/// gaps). The same content gives the same bytes: tensors in the order of addition, metadata sorted by key.
/// </summary>
internal sealed class SafeTensorsWriter
{
    private readonly List<(SafeTensor Tensor, byte[] Bytes)> _tensors = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private long _end;

    /// <summary>Texts that go with the tensors, such as the configuration.</summary>
    public IDictionary<string, string> Metadata => _metadata;

    /// <summary>Adds a copy of a tensor.</summary>
    /// <param name="name">Its name, unique in the file.</param>
    /// <param name="values">Its numbers in row-major order.</param>
    /// <param name="shape">Lengths of the axes; none for a scalar.</param>
    public void Add<T>(string name, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        long count = 1;
        foreach (long length in shape)
        {
            count *= length;
        }

        if (count != values.Length)
        {
            throw new ArgumentException($"{values.Length} values do not fill the shape of '{name}'.", nameof(values));
        }

        if (!_names.Add(name) || string.Equals(name, SafeTensorsReader.MetadataKey, StringComparison.Ordinal))
        {
            throw new ArgumentException($"The file holds a tensor '{name}' already: give each tensor a name of its own.", nameof(name));
        }

        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        ImmutableArray<long> axes = [.. shape];
        _tensors.Add((new(name, SafeTensor.TypeOf<T>(), axes, _end, _end + bytes.Length), bytes));
        _end += bytes.Length;
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Write(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes to a stream.</summary>
    public void Write(Stream stream)
    {
        byte[] header = Header();
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach ((SafeTensor _, byte[] bytes) in _tensors)
        {
            stream.Write(bytes);
        }
    }

    private byte[] Header()
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (_metadata.Count > 0)
            {
                json.WriteStartObject(SafeTensorsReader.MetadataKey);
                foreach ((string key, string value) in _metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            foreach ((SafeTensor tensor, byte[] _) in _tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type);
                json.WriteStartArray("shape");
                foreach (long axis in tensor.Shape)
                {
                    json.WriteNumberValue(axis);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(tensor.Begin);
                json.WriteNumberValue(tensor.End);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces at the end let the data begin on a multiple of eight, as the format's own writer does.
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }
}
