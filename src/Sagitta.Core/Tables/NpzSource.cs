namespace Sagitta.Core.Tables;

/// <summary>An NPZ archive as a table: one array for each column, or one structured array.</summary>
internal sealed class NpzSource : TableSource
{
    private readonly NpzReader _reader;
    private readonly string _structure;

    /// <summary>Reads the names.</summary>
    /// <param name="file">A seekable stream at its start, closed with the source.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="array">The structured array to take; empty for the only one of the file, or, where it has none, one array for each
    /// column.</param>
    public NpzSource(Stream file, string name, string array)
        : base(name)
    {
        _reader = new(file, name);
        string[] structures = [.. _reader.Names.Where(candidate => (array.Length == 0 || candidate == array) && IsStructure(candidate))];
        if (structures.Length > 1 || (array.Length > 0 && structures.Length == 0))
        {
            throw new BadInputException($"'{name}'", structures.Length == 0 ? $"there is no structured array '{array}'"
                : $"the arrays '{structures[0]}' and '{structures[1]}' are both structured", structures.Length == 0
                ? $"the file holds {string.Join(", ", _reader.Names)}" : "give a file with one of them");
        }

        _structure = structures.FirstOrDefault("");
        Names = _structure.Length > 0 ? [.. _reader.Header(_structure).Type.Fields.Select(field => field.Name)] : [.. _reader.Names];
    }

    internal override string Place => _structure.Length > 0 ? $"'{Name}', array '{_structure}'" : base.Place;

    internal override string PlaceOf(int row, string column) => _structure.Length > 0
        ? $"'{Name}', array '{_structure}', field '{column}', element {row}" : $"'{Name}', array '{column}', element {row}";

    private protected override void Fill(IReadOnlyList<ColumnBuffer> columns, List<string> notes)
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

    // Arrays that are not asked for may hold anything.
    private bool IsStructure(string candidate)
    {
        try
        {
            return _reader.Header(candidate).Type.IsStructure;
        }
        catch (BadInputException)
        {
            return false;
        }
    }

    private void Add<T>(ColumnBuffer column, T[] values, Func<T, string?> add)
    {
        for (int row = 0; row < values.Length; row++)
        {
            Accept(add(values[row]), row, column);
        }
    }
}
