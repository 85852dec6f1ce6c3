using System.Text;
using Parquet;
using Parquet.Schema;

namespace Sagitta.Core.Tables;

/// <summary>A Parquet file as a table: its columns of numbers and texts that are not nested.</summary>
internal sealed class ParquetSource : TableSource
{
    private readonly Stream _file;
    private readonly ParquetReader _reader;
    private int _group;

    /// <summary>Reads the names.</summary>
    /// <param name="file">A seekable stream at its start, closed with the source.</param>
    /// <param name="name">What to call it in messages.</param>
    public ParquetSource(Stream file, string name)
        : base(name)
    {
        _file = new EndingStream(file);
        ParquetLayout.Check(_file, name);
        _reader = Guarded(() => ParquetReader.CreateAsync(_file, leaveStreamOpen: true));
        Names = Guarded(() => Task.FromResult<string[]>(
            [.. _reader.Schema.Fields.OfType<DataField>().Where(field => !field.IsArray).Select(field => field.Name)]));
    }

    internal override bool CanRewind => true;

    private protected override void Rewind() => _group = 0;

    private protected override long Skip(IReadOnlyList<ColumnBuffer> columns, long most)
    {
        long passed = 0;
        while (_group < _reader.RowGroupCount)
        {
            using ParquetRowGroupReader rows = Guarded(() => Task.FromResult(_reader.OpenRowGroupReader(_group)));
            if (passed + rows.RowCount > most)
            {
                break;
            }

            (passed, _group) = (passed + rows.RowCount, _group + 1);
        }

        return passed;
    }

    private protected override bool Fill(IReadOnlyList<ColumnBuffer> columns, List<string> notes, int most)
    {
        for (long added = 0; _group < _reader.RowGroupCount && added < most; _group++)
        {
            using ParquetRowGroupReader rows = Guarded(() => Task.FromResult(_reader.OpenRowGroupReader(_group)));
            added += rows.RowCount;
            foreach (ColumnBuffer column in columns)
            {
                DataField field = _reader.Schema.Fields.OfType<DataField>().First(f => f.Name == column.Source);
                if (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>))
                {
                    string?[] texts = new string?[rows.RowCount];
                    Guarded(() => rows.ReadAsync(field, texts.AsMemory()!));
                    Add(column, texts, text => column.Add(Encoding.UTF8.GetBytes(text ?? "")));
                }
                else
                {
                    Read(column, field, rows);
                }
            }
        }

        return _group < _reader.RowGroupCount;
    }

    protected override void Dispose(bool disposing)
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Dispose();
    }

    private void Read(ColumnBuffer column, DataField field, ParquetRowGroupReader rows)
    {
        switch (Type.GetTypeCode(field.ClrType))
        {
            case TypeCode.Boolean:
                Read<bool>(value => column.Add(value ? 1L : 0));
                break;
            case TypeCode.SByte:
                Read<sbyte>(value => column.Add((long)value));
                break;
            case TypeCode.Byte:
                Read<byte>(value => column.Add((long)value));
                break;
            case TypeCode.Int16:
                Read<short>(value => column.Add((long)value));
                break;
            case TypeCode.UInt16:
                Read<ushort>(value => column.Add((long)value));
                break;
            case TypeCode.Int32:
                Read<int>(value => column.Add((long)value));
                break;
            case TypeCode.UInt32:
                Read<uint>(value => column.Add((long)value));
                break;
            case TypeCode.Int64:
                Read<long>(column.Add);
                break;
            case TypeCode.UInt64:
                Read<ulong>(value => value <= long.MaxValue ? column.Add((long)value) : column.Add((double)value));
                break;
            case TypeCode.Single:
                Read<float>(value => column.Add((double)value));
                break;
            case TypeCode.Double:
                Read<double>(column.Add);
                break;
            case TypeCode.Decimal:
                Read<decimal>(value => column.Add((double)value));
                break;
            default:
                throw new BadInputException($"'{Name}', column '{field.Name}'", $"the values are of type {field.ClrType.Name}",
                    "give numbers or texts");
        }

        void Read<T>(Func<T, string?> add)
            where T : struct
        {
            if (field.IsNullable)
            {
                T?[] values = new T?[rows.RowCount];
                Guarded(() => rows.ReadAsync<T>(field, values.AsMemory()));
                Add(column, values, value => value is { } number ? add(number) : column.Add([]));
            }
            else
            {
                T[] values = new T[rows.RowCount];
                Guarded(() => rows.ReadAsync<T>(field, values.AsMemory()));
                Add(column, values, add);
            }
        }
    }

    private void Add<T>(ColumnBuffer column, T[] values, Func<T, string?> add)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Accept(add(values[i]), column);
        }
    }

    private void Guarded(Func<ValueTask> read) => Guarded<bool>(async () =>
    {
        await read().ConfigureAwait(false);
        return true;
    });

    // The package throws exceptions of many types where bytes are damaged.
    private T Guarded<T>(Func<Task<T>> read)
    {
        try
        {
            return read().GetAwaiter().GetResult();
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            throw new BadInputException($"'{Name}'", "this is no Parquet file, or it is cut off or damaged", "write or copy it again",
                problem);
        }
    }
}
