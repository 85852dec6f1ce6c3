namespace Sagitta.Core.Tables;

/// <summary>An NPZ archive as a table: one array for each column, or one structured array.</summary>
internal sealed class NpzSource : TableSource
{
    private const int BlockRows = 1 << 14;
    private readonly NpzReader _reader;
    private readonly string _structure;
    private NpzPieces[] _pieces = [];

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

    internal override NpzReader? Archive => _reader;

    internal override bool CanRewind => true;

    internal override string PlaceOf(long row, string column) => _structure.Length > 0
        ? $"'{Name}', array '{_structure}', field '{column}', element {row}" : $"'{Name}', array '{column}', element {row}";

    private protected override void Rewind()
    {
        _pieces.DisposeAll();
        _pieces = [];
    }

    private protected override bool Fill(IReadOnlyList<ColumnBuffer> columns, List<string> notes, int most)
    {
        if (_pieces.Length == 0)
        {
            Open(columns);
        }

        for (int c = 0; c < columns.Count; c++)
        {
            ColumnBuffer column = columns[c];
            for (int left = (int)Math.Min(_pieces[c].Left, most); left > 0; left -= BlockRows)
            {
                int count = Math.Min(left, BlockRows);
                if (_pieces[c].Type.IsText)
                {
                    Add(column, _pieces[c].ReadTexts(count), text => column.Add(System.Text.Encoding.UTF8.GetBytes(text)));
                }
                else if (_pieces[c].Type.IsFloatingPoint)
                {
                    Add(column, _pieces[c].Read<double>(count), column.Add);
                }
                else
                {
                    Add(column, _pieces[c].Read<long>(count), column.Add);
                }
            }
        }

        return _pieces.Length > 0 && _pieces[0].Left > 0;
    }

    private protected override long Skip(IReadOnlyList<ColumnBuffer> columns, long most)
    {
        if (_pieces.Length == 0)
        {
            Open(columns);
        }

        long count = Math.Min(most, _pieces[0].Left);
        Array.ForEach(_pieces, piece => piece.Skip(count));
        return count;
    }

    private protected override void FinishShare() => ReadShare.Finish(_pieces);

    // One stream for each column: all are read side by side.
    private void Open(IReadOnlyList<ColumnBuffer> columns)
    {
        NpzPieces[] pieces = new NpzPieces[columns.Count];
        try
        {
            for (int c = 0; c < pieces.Length; c++)
            {
                string array = _structure.Length > 0 ? _structure : columns[c].Source;
                pieces[c] = _reader.Pieces(array, _structure.Length > 0 ? columns[c].Source : "");
                if (pieces[c].Header.Shape.Length != 1)
                {
                    throw new BadInputException($"'{Name}', array '{array}'", $"the shape is {pieces[c].Header.ShapeText}",
                        "give one number for each row: an array of one axis");
                }

                if (pieces[c].Left != pieces[0].Left)
                {
                    throw new BadInputException(Place, $"column '{columns[c].Source}' has {pieces[c].Left} rows, '{columns[0].Source}' has "
                        + $"{pieces[0].Left}", "give columns of equal length");
                }
            }

            ReadShare.Begin(Share, pieces);
            _pieces = pieces;
        }
        catch
        {
            pieces.Where(piece => piece is not null).DisposeAll();
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        Rewind();
        _reader.Dispose();
    }

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
        foreach (T value in values)
        {
            Accept(add(value), column);
        }
    }
}
