namespace Sagitta.Core.Tables;

/// <summary>Reads structures of known shapes in Thrift's compact protocol (github.com/apache/thrift,
/// doc/specs/thrift-compact-protocol.md) and believes nothing: not a length, a count or a type that does not fit.</summary>
/// <param name="bytes">Where they stand.</param>
/// <param name="shapes">Structures by name; their fields by number: i a whole number, y a byte, b a flag, d a number, s bytes, [..] a list,
/// else a structure.</param>
/// <param name="require">Throws where it is given false.</param>
internal sealed class ThriftReader(byte[] bytes, Dictionary<string, Dictionary<int, string>> shapes, Action<bool> require)
{
    /// <summary>Bytes that were read.</summary>
    public int At { get; private set; }

    /// <summary>The structure that begins here.</summary>
    public ThriftFields Structure(string name)
    {
        ThriftFields fields = new(require);
        Dictionary<int, string> shape = shapes[name];
        for (int id = 0, head; (head = Byte()) != 0;)
        {
            id = head >> 4 == 0 ? (int)Whole() : id + (head >> 4);
            require(id is > 0 and <= short.MaxValue);
            int type = head & 15;
            string kind = shape.GetValueOrDefault(id) ?? (type is > 0 and < 9 ? "any" : "");
            fields.Add(id, Value(kind, type));
        }

        return fields;
    }

    private object Value(string kind, int type)
    {
        require(kind.Length > 0 && type == kind switch
        {
            "any" => type,
            "i" => type is 4 or 5 or 6 ? type : -1,
            "y" => 3,
            "b" => type == 1 ? 1 : 2,
            "d" => 7,
            "s" => 8,
            _ => kind[0] == '[' ? 9 : 12,
        });
        switch (type)
        {
            case 1 or 2:
                return 2L - type;
            case 3:
                return (long)Byte();
            case 4 or 5 or 6:
                return Whole();
            case 7:
                Skip(8);
                return 0L;
            case 8:
                Skip(Size());
                return 0L;
            case 9:
                int head = Byte();
                ulong count = head >> 4 == 15 ? Size() : (ulong)(head >> 4);
                require(count <= (ulong)(bytes.Length - At));
                List<object> list = [];
                for (ulong i = 0; i < count; i++)
                {
                    list.Add(Value(kind[1..^1], head & 15));
                }

                return list;
            default:
                return Structure(kind);
        }
    }

    private int Byte()
    {
        require(At < bytes.Length);
        return bytes[At++];
    }

    private long Whole()
    {
        ulong number = Size();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    private ulong Size()
    {
        ulong number = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int part = Byte();
            number |= (ulong)(part & 127) << shift;
            if (part < 128)
            {
                return number;
            }
        }

        require(false);
        return 0;
    }

    private void Skip(ulong count)
    {
        require(count <= (ulong)(bytes.Length - At));
        At += (int)count;
    }
}

/// <summary>A structure as it was read: its values by the numbers of their fields.</summary>
/// <param name="require">Throws where it is given false.</param>
internal sealed class ThriftFields(Action<bool> require)
{
    private readonly Dictionary<int, object> _values = [];

    public bool Has(int field) => _values.ContainsKey(field);

    public void Add(int field, object value) => require(_values.TryAdd(field, value));

    public object Of(int field)
    {
        require(Has(field));
        return _values[field];
    }

    public long Number(int field) => (long)Of(field);

    public List<object> List(int field) => (List<object>)Of(field);
}
