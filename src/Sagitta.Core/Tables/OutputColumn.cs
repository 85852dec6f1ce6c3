using System.Buffers;
using System.Numerics;
using Parquet;
using Parquet.Schema;

namespace Sagitta.Core.Tables;

/// <summary>A column to be written: its name, its unit and its values.</summary>
internal abstract class OutputColumn
{
    private static readonly SearchValues<char> _special = SearchValues.Create(",;\t\"\r\n");

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

    /// <summary>Writes a text, in quotes where CSV asks for it.</summary>
    internal static void WriteText(TextWriter writer, string text)
    {
        if (text.AsSpan().ContainsAny(_special))
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

    internal abstract void AddTo(NpzWriter archive);

    internal abstract Task AddTo(ParquetRowGroupWriter rows, DataField field);

    private sealed class Numbers<T>(string name, string unit, T[] values, string format)
        : OutputColumn(name, unit, values.Length, typeof(T))
        where T : unmanaged, INumber<T>
    {
        internal override Array Values => values;

        internal override void WriteField(TextWriter writer, int row)
        {
            T value = values[row];
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

        internal override void AddTo(NpzWriter archive) => archive.Add<T>(Name, values);

        internal override Task AddTo(ParquetRowGroupWriter rows, DataField field) =>
            rows.WriteAsync<T>(field, new ReadOnlyMemory<T>(values), null, Metadata);
    }

    private sealed class Flags(string name, bool[] values) : OutputColumn(name, "", values.Length, typeof(bool))
    {
        internal override Array Values => values;

        internal override void WriteField(TextWriter writer, int row) => writer.Write(values[row] ? '1' : '0');

        internal override void AddTo(NpzWriter archive) => archive.Add<bool>(Name, values);

        internal override Task AddTo(ParquetRowGroupWriter rows, DataField field) =>
            rows.WriteAsync<bool>(field, new ReadOnlyMemory<bool>(values), null, Metadata);
    }

    private sealed class Texts(string name, string[] values) : OutputColumn(name, "", values.Length, typeof(string))
    {
        internal override Array Values => values;

        internal override void WriteField(TextWriter writer, int row) => WriteText(writer, values[row]);

        internal override void AddTo(NpzWriter archive) => archive.AddTexts(Name, values);

        internal override Task AddTo(ParquetRowGroupWriter rows, DataField field) => rows.WriteAsync(field, values);
    }
}
