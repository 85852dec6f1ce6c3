namespace Sagitta.Core.Tables;

/// <summary>An NPZ archive as a table: one array for each column, or one structured array.</summary>
internal sealed class NpzSource : TableSource
{
    private readonly NpzReader _reader;
    private readonly string _structure;

    /// <summary>Reads the names.</summary>
    /// <param name="file">A seekable stream at its start, closed with the source.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="array">The structured array to take; empty for the only one of the file, or else one array for each column.</param>
    public NpzSource(Stream file, string name, string array)
        : base(name)
    {
        _reader = new(file, name);
        // Arrays that are not asked for may hold anything: their heads are not looked at.
        string only = array.Length > 0 ? array : _reader.Names.Count == 1 ? _reader.Names.First() : "";
        bool structured = only.Length > 0 && _reader.Contains(only) && _reader.Header(only).Type.IsStructure;
        if (array.Length > 0 && !structured)
        {
            throw new BadInputException($"'{name}'", $"there is no structured array '{array}'",
                $"the file holds {string.Join(", ", _reader.Names)}");
        }

        _structure = structured ? only : "";
        Names = _structure.Length > 0 ? [.. _reader.Header(_structure).Type.Fields.Select(field => field.Name)] : [.. _reader.Names];
    }

    internal override string Place => _structure.Length > 0 ? $"'{Name}', array '{_structure}'" : base.Place;

    internal override string PlaceOf(int row, string column) => _structure.Length > 0
        ? $"'{Name}', array '{_structure}', field '{column}', element {row}" : $"'{Name}', array '{column}', element {row}";

    private protected override void Fill(IReadOnlyList<ColumnBuffer> columns)
    {
        foreach (ColumnBuffer column in columns)
        {
            NpyHeader header = _reader.Header(_structure.Length > 0 ? _structure : column.Source);
            if (header.Shape.Length != 1)
            {
                throw new BadInputException($"'{Name}', array '{(_structure.Length > 0 ? _structure : column.Source)}'",
                    $"the shape is {header.ShapeText}", "give one number for each row: an array of one axis");
            }

            NpyType type = _structure.Length > 0 ? header.Type.Fields.First(field => field.Name == column.Source).Type : header.Type;
            if (type.IsText)
            {
                Add(column, _structure.Length > 0 ? _reader.ReadTexts(_structure, column.Source) : _reader.ReadTexts(column.Source),
                    text => column.Add(System.Text.Encoding.UTF8.GetBytes(text)));
            }
            else if (type.IsFloatingPoint)
            {
                Add(column, _structure.Length > 0 ? _reader.ReadField<double>(_structure, column.Source)
                    : _reader.ReadConverted<double>(column.Source), column.Add);
            }
            else
            {
                Add(column, _structure.Length > 0 ? _reader.ReadField<long>(_structure, column.Source)
                    : _reader.ReadConverted<long>(column.Source), column.Add);
            }
        }
    }

    protected override void Dispose(bool disposing) => _reader.Dispose();

    private void Add<T>(ColumnBuffer column, T[] values, Func<T, string?> add)
    {
        for (int row = 0; row < values.Length; row++)
        {
            Accept(add(values[row]), row, column);
        }
    }
}
