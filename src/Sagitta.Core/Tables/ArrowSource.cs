using System.Buffers;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Memory;

namespace Sagitta.Core.Tables;

/// <summary>Columns of an Arrow IPC file (which is Feather version 2), or of a stream of the same batches, as a table: numbers and texts,
/// plain or by dictionary, compressed or not.</summary>
internal sealed class ArrowSource : TableSource
{
    private readonly Stream _file;
    private readonly bool _batches;
    private ArrowStreamReader _reader;
    private RecordBatch? _next;

    /// <summary>Reads the names.</summary>
    /// <param name="file">A seekable stream at its start, closed with the source.</param>
    /// <param name="name">What to call it in messages.</param>
    public ArrowSource(Stream file, string name)
        : base(name)
    {
        Span<byte> first = stackalloc byte[4];
        _batches = file.ReadAtLeast(first, 4, throwOnEndOfStream: false) == 4 && first.IndexOfAnyExcept((byte)0xFF) < 0;
        _file = file;
        _ = Guarded(() =>
        {
            ArrowLayout.Check(file, isFile: !_batches);
            return true;
        });
        _reader = FromStart();
        // A stream that ends before its schema has none.
        Names = Guarded(() => _reader.Schema.FieldsList.Select(field => field.Name).ToArray());
    }

    /// <summary>Whether a file begins as one of Arrow, or as a stream of its batches.</summary>
    public static bool Is(ReadOnlySpan<byte> first) =>
        first.SequenceEqual("ARRO"u8) || (first.Length == 4 && first.IndexOfAnyExcept((byte)0xFF) < 0);

    internal override bool CanRewind => true;

    /// <summary>Writes an Arrow IPC file, a batch for each part; units are metadata of the fields.</summary>
    public static void Write(Stream file, IEnumerable<IReadOnlyList<OutputColumn>> parts)
    {
        ArrowFileWriter? writer = null;
        try
        {
            foreach (IReadOnlyList<OutputColumn> columns in parts)
            {
                IArrowArray[] arrays = [.. columns.Select(column => ArrayOf(column.Values))];
                Schema schema = new(columns.Select((column, c) => new Field(column.Name, arrays[c].Data.DataType, nullable: false,
                    column.Unit.Length == 0 ? null : [new("unit", column.Unit)])), null);
                using RecordBatch batch = new(schema, arrays, columns.Count == 0 ? 0 : columns[0].Count);
                writer ??= new(file, schema, leaveOpen: true);
                writer.WriteRecordBatch(batch);
            }

            writer?.WriteEnd();
        }
        finally
        {
            writer?.Dispose();
        }
    }

    private protected override void Rewind()
    {
        _reader = FromStart();
        _next?.Dispose();
        _next = null;
    }

    private protected override long Skip(IReadOnlyList<ColumnBuffer> columns, long most)
    {
        long passed = 0;
        for (; (_next ??= Guarded(_reader.ReadNextRecordBatch)) is { } batch && passed + batch.Length <= most; _next = null)
        {
            passed += batch.Length;
            batch.Dispose();
        }

        return passed;
    }

    private protected override bool Fill(IReadOnlyList<ColumnBuffer> columns, List<string> notes, int most)
    {
        for (long added = 0; added < most;)
        {
            if ((_next ?? Guarded(_reader.ReadNextRecordBatch)) is not { } batch)
            {
                return false;
            }

            _next = null;
            using (batch)
            {
                added += batch.Length;
                foreach (ColumnBuffer column in columns)
                {
                    Add(column, Guarded(() => batch.Column(Names.ToList().IndexOf(column.Source))));
                }
            }
        }

        return true;
    }

    protected override void Dispose(bool disposing)
    {
        _next?.Dispose();
        _reader.Dispose();
        _file.Dispose();
    }

    private ArrowStreamReader FromStart()
    {
        _file.Position = 0;
        CheckedMemory memory = new(_file.Length);
        CompressionCodecFactory codecs = new();
        return Guarded(() => _batches ? new ArrowStreamReader(_file, memory, codecs, leaveOpen: true)
            : new ArrowFileReader(_file, memory, codecs, leaveOpen: true));
    }

    private void Add(ColumnBuffer column, IArrowArray array)
    {
        switch (array)
        {
            case BooleanArray flags:
                Each(row => flags.GetValue(row) is { } flag ? column.Add(flag ? 1L : 0) : column.Add([]));
                break;
            case Int8Array numbers:
                Each(row => numbers.GetValue(row) is { } number ? column.Add((long)number) : column.Add([]));
                break;
            case UInt8Array numbers:
                Each(row => numbers.GetValue(row) is { } number ? column.Add((long)number) : column.Add([]));
                break;
            case Int16Array numbers:
                Each(row => numbers.GetValue(row) is { } number ? column.Add((long)number) : column.Add([]));
                break;
            case UInt16Array numbers:
                Each(row => numbers.GetValue(row) is { } number ? column.Add((long)number) : column.Add([]));
                break;
            case Int32Array numbers:
                Each(row => numbers.GetValue(row) is { } number ? column.Add((long)number) : column.Add([]));
                break;
            case UInt32Array numbers:
                Each(row => numbers.GetValue(row) is { } number ? column.Add((long)number) : column.Add([]));
                break;
            case Int64Array numbers:
                Each(row => numbers.GetValue(row) is { } number ? column.Add(number) : column.Add([]));
                break;
            case UInt64Array numbers:
                Each(row => numbers.GetValue(row) is not { } number ? column.Add([])
                    : number <= long.MaxValue ? column.Add((long)number) : column.Add((double)number));
                break;
            case FloatArray numbers:
                Each(row => numbers.GetValue(row) is { } number ? column.Add((double)number) : column.Add([]));
                break;
            case DoubleArray numbers:
                Each(row => numbers.GetValue(row) is { } number ? column.Add(number) : column.Add([]));
                break;
            case StringArray texts:
                Each(row => column.Add(texts.GetBytes(row, out _)));
                break;
            case StringViewArray texts:
                Each(row => column.Add(Encoding.UTF8.GetBytes(texts.GetString(row) ?? "")));
                break;
            case LargeStringArray texts:
                Each(row => column.Add(Encoding.UTF8.GetBytes(texts.GetString(row) ?? "")));
                break;
            case DictionaryArray { Dictionary: StringArray words, Indices: Int8Array indices }:
                Each(row => column.Add(Encoding.UTF8.GetBytes(indices.GetValue(row) is { } i ? words.GetString(i) : "")));
                break;
            case DictionaryArray { Dictionary: StringArray words, Indices: Int32Array indices }:
                Each(row => column.Add(Encoding.UTF8.GetBytes(indices.GetValue(row) is { } i ? words.GetString(i) : "")));
                break;
            default:
                throw new BadInputException($"'{Name}', column '{column.Source}'", $"the values are of type {array.Data.DataType.Name}",
                    "give numbers or texts");
        }

        void Each(Func<int, string?> add)
        {
            for (int row = 0; row < array.Length; row++)
            {
                Accept(Guarded(() => add(row)), column);
            }
        }
    }

    private static IArrowArray ArrayOf(System.Array values) => values switch
    {
        double[] numbers => new DoubleArray.Builder().AppendRange(numbers).Build(),
        float[] numbers => new FloatArray.Builder().AppendRange(numbers).Build(),
        long[] numbers => new Int64Array.Builder().AppendRange(numbers).Build(),
        int[] numbers => new Int32Array.Builder().AppendRange(numbers).Build(),
        // Arrays of both signs pass for each other.
        sbyte[] numbers when values.GetType() == typeof(sbyte[]) => new Int8Array.Builder().AppendRange(numbers).Build(),
        byte[] numbers => new UInt8Array.Builder().AppendRange(numbers).Build(),
        bool[] flags => new BooleanArray.Builder().AppendRange(flags).Build(),
        string[] texts => new StringArray.Builder().AppendRange(texts).Build(),
        _ => throw new ArgumentException($"Columns of {values.GetType().Name} are not written: add their type here.", nameof(values)),
    };

    // The package throws exceptions of many types where bytes are damaged, and asks for as much memory as a damaged length says.
    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is not BadInputException)
        {
            throw new BadInputException($"'{Name}'", "this is no Arrow file, or it is cut off or damaged", "write or copy it again",
                problem);
        }
    }

    // The package's own memory lies outside of .NET, where a damaged offset reads what is not there and ends the process.
    private sealed class CheckedMemory(long fileLength) : MemoryAllocator
    {
        // A column may be compressed to a hundredth, but hardly all of a file to less than this part.
        private const long LargestRatio = 64;
        private const long AlwaysAllowed = 1 << 26;
        private long _total;

        protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
        {
            bytesAllocated = length;
            _total += length;
            return _total <= Math.Max(LargestRatio * fileLength, AlwaysAllowed) ? new Block(new byte[length])
                : throw new InvalidDataException($"{_total} bytes in a file of {fileLength}");
        }

        private sealed class Block(byte[] bytes) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = bytes;

            public void Dispose()
            {
            }
        }
    }
}
