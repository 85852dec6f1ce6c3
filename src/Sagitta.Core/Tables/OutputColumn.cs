using System.Buffers;
using System.Numerics;
using Parquet;
using Parquet.Schema;

namespace Sagitta.Core.Tables;

/// <summary>A column to be written: its name, its unit and its values.</summary>
internal abstract class OutputColumn
{
    private static readonly SearchValues<char> _special = SearchValues.Create(",\"\r\n");

    private OutputColumn(string name, string unit, int count, Type type)
    {
        Name = name;
        Unit = unit;
        Count = count;
        Field = new(name, type, isNullable: false);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its unit; empty where it has none. Parquet files state it.</summary>
    public string Unit { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    internal DataField Field { get; }

    /// <summary>The values, a flat array of their type.</summary>
    internal abstract Array Values { get; }

    private Dictionary<string, string>? Metadata => Unit.Length == 0 ? null : new(StringComparer.Ordinal) { ["unit"] = Unit };

    /// <summary>A column of numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="unit">Its unit or "".</param>
    /// <param name="values">Double, float, long, int or another number that NumPy has.</param>
    /// <param name="format">How CSV shows them; empty for as many digits as give the same number back.</param>
    public static OutputColumn Of<T>(string name, string unit, T[] values, string format = "")
        where T : unmanaged, INumber<T> => new Numbers<T>(name, unit, values, format);

    /// <summary>A column of yes (1) and no (0).</summary>
    public static OutputColumn Of(string name, bool[] values) => new Flags(name, values);

    /// <summary>A column of texts.</summary>
    public static OutputColumn Of(string name, string[] values) => new Texts(name, values);

    /// <summary>Writes the name, in quotes where it holds what could separate names.</summary>
    internal void WriteName(TextWriter writer) => WriteText(writer, Name, Name.AsSpan().ContainsAny(";\t"));

    /// <summary>Writes a text, in quotes where CSV asks for it.</summary>
    private static void WriteText(TextWriter writer, string text, bool quoted = false)
    {
        if (quoted || text.AsSpan().ContainsAny(_special))
        {
            writer.Write('"');
            writer.Write(text.Replace("\"", "\"\"", StringComparison.Ordinal));
            writer.Write('"');
        }
        else
        {
            writer.Write(text);
        }
    }

    internal abstract void WriteField(TextWriter writer, int row);

    /// <summary>Begins an array of this name and type; returns what appends the values of such a column to it.</summary>
    internal abstract Action<OutputColumn> Begin(NpzWriter archive);

    internal abstract Task AddTo(ParquetRowGroupWriter rows, DataField field);

    private sealed class Numbers<T>(string name, string unit, T[] values, string format)
        : OutputColumn(name, unit, values.Length, typeof(T))
        where T : unmanaged, INumber<T>
    {
        private readonly T[] _values = values;

        internal override Array Values => _values;

        internal override void WriteField(TextWriter writer, int row)
        {
            T value = _values[row];
            if (!T.IsFinite(value))
            {
                return;
            }

            Span<char> text = stackalloc char[64];
            if (value.TryFormat(text, out int length, format, CultureInfo.InvariantCulture))
            {
                writer.Write(text[..length]);
            }
            else
            {
                writer.Write(value.ToString(format, CultureInfo.InvariantCulture));
            }
        }

        internal override Action<OutputColumn> Begin(NpzWriter archive)
        {
            NpzColumn<T> array = archive.AddColumn<T>(Name);
            return column => array.Append(((Numbers<T>)column)._values);
        }

        internal override Task AddTo(ParquetRowGroupWriter rows, DataField field) =>
            rows.WriteAsync<T>(field, new ReadOnlyMemory<T>(_values), null, Metadata);
    }

    private sealed class Flags(string name, bool[] values) : OutputColumn(name, "", values.Length, typeof(bool))
    {
        private readonly bool[] _values = values;

        internal override Array Values => _values;

        internal override void WriteField(TextWriter writer, int row) => writer.Write(_values[row] ? '1' : '0');

        internal override Action<OutputColumn> Begin(NpzWriter archive)
        {
            NpzColumn<bool> array = archive.AddColumn<bool>(Name);
            return column => array.Append(((Flags)column)._values);
        }

        internal override Task AddTo(ParquetRowGroupWriter rows, DataField field) =>
            rows.WriteAsync<bool>(field, new ReadOnlyMemory<bool>(_values), null, Metadata);
    }

    private sealed class Texts(string name, string[] values) : OutputColumn(name, "", values.Length, typeof(string))
    {
        private readonly string[] _values = values;

        internal override Array Values => _values;

        internal override void WriteField(TextWriter writer, int row) => WriteText(writer, _values[row]);

        internal override Action<OutputColumn> Begin(NpzWriter archive)
        {
            NpzTextColumn array = archive.AddTextColumn(Name);
            return column => array.Append(((Texts)column)._values);
        }

        internal override Task AddTo(ParquetRowGroupWriter rows, DataField field) => rows.WriteAsync(field, _values);
    }
}
