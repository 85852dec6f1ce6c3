namespace Sagitta.Core.Tables;

/// <summary>An open file of named columns: its names are known, its rows not yet read.</summary>
internal abstract class TableSource : IDisposable
{
    // What is read of a file before a block of it is looked at; rows of a block.
    private const int RowsAtOnce = 1 << 16;
    private const int MostRows = 1 << 17;
    private const int MostGroups = 4096;

    private protected TableSource(string name) => Name = name;

    /// <summary>The file's name in messages.</summary>
    public string Name { get; }

    /// <summary>Names of the columns in their order.</summary>
    public IReadOnlyList<string> Names { get; private protected set; } = [];

    /// <summary>The archive, where the file is one: it may hold more than a table.</summary>
    internal virtual NpzReader? Archive => null;

    /// <summary>Whether rows can be read a second time.</summary>
    internal abstract bool CanRewind { get; }

    /// <summary>Where the names stand, for messages.</summary>
    internal virtual string Place => $"'{Name}'";

    /// <summary>Reads the columns that are asked for; others are ignored.</summary>
    /// <param name="requests">What is wanted.</param>
    /// <param name="mapping">How the file calls them; null where it uses the reader's names.</param>
    /// <exception cref="BadInputException">Columns are missing (all are told at once), or a value can't be used.</exception>
    public ColumnTable Read(IReadOnlyList<ColumnRequest> requests, ColumnMapping? mapping = null)
    {
        List<string> notes = [];
        List<ColumnBuffer> columns = Columns(requests, mapping ?? ColumnMapping.None, notes);
        Fill(columns, notes, int.MaxValue);
        return new(this, requests, columns, notes);
    }

    /// <summary>
    /// Reads the same columns some thousand groups of rows at a time, so that memory does not grow with the file. Rows that follow each
    /// other with one number in the column <paramref name="key"/> are a group, and come together. Where a file's groups are not in
    /// ascending order, all rows come at once; a pipe can't be looked at twice: there a group that comes again after the block with it
    /// has gone is bad input.
    /// </summary>
    /// <param name="requests">What is wanted.</param>
    /// <param name="mapping">How the file calls them; null where it uses the reader's names.</param>
    /// <param name="key">The column of whole numbers that tells groups apart; it is among the requests.</param>
    /// <returns>At least one table, which may be empty.</returns>
    public IEnumerable<ColumnTable> ReadGroups(IReadOnlyList<ColumnRequest> requests, ColumnMapping? mapping, string key)
    {
        List<string> notes = [];
        List<ColumnBuffer> columns = Columns(requests, mapping ?? ColumnMapping.None, notes);
        ColumnBuffer keys = columns.First(column => column.Request.Name == key);
        if (CanRewind)
        {
            bool ascending = Ascends(keys);
            Rewind();
            if (!ascending)
            {
                Fill(columns, notes, int.MaxValue);
                yield return new(this, requests, columns, notes);
                yield break;
            }
        }

        long? gone = null;
        long largest = long.MinValue;
        int groups = 0;
        bool more = true;
        for (int row = 0; ; row++)
        {
            while (row == keys.Count && more)
            {
                more = Fill(columns, notes, RowsAtOnce);
            }

            bool begins = row < keys.Count && (row == 0 || keys.WholeAt(row) != keys.WholeAt(row - 1));
            if (row == keys.Count || (row > 0 && begins && (groups == MostGroups || row >= MostRows)))
            {
                yield return new(this, requests, [.. columns.Select(column => column.Take(row))], [.. notes]);
                if (keys.Count == 0)
                {
                    yield break;
                }

                (gone, groups, row) = (largest, 0, 0);
            }

            if (gone is { } last && keys.WholeAt(row) <= last)
            {
                throw new BadInputException(PlaceOf(keys.Taken + row), string.Create(CultureInfo.InvariantCulture,
                    $"{key} {keys.WholeAt(row)} comes after {key} {last}, whose tracks are out already"),
                    $"sort the rows by {key}, or give the table as a file: there they may have any order");
            }

            groups += begins ? 1 : 0;
            largest = Math.Max(largest, keys.WholeAt(row));
        }
    }

    // The columns that are there; those that lack are told at once.
    private List<ColumnBuffer> Columns(IReadOnlyList<ColumnRequest> requests, ColumnMapping mapping, List<string> notes)
    {
        mapping.Check(requests);
        if (Enumerable.Range(0, Names.Count).Where(index => Names[index].Length > 0).GroupBy(index => Names[index], StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new BadInputException(Place,
                $"column '{Shown(twice.Key)}' is given twice, as columns {twice.First() + 1} and {twice.ElementAt(1) + 1}",
                "give each column a name of its own");
        }

        List<ColumnBuffer> columns = [];
        List<string> missing = [];
        foreach (ColumnRequest request in requests)
        {
            string[] given = [.. request.Aliases.Prepend(request.Name).Where(Has)];
            if (given.Length > 1 && !mapping.Columns.ContainsKey(request.Name))
            {
                throw new BadInputException(
                    Place, $"column '{request.Name}' is given twice, as {string.Join(" and ", given.Select(Numbered))}",
                    $"leave one out, or tell which it is as in --columns '{request.Name}={given[0]}'");
            }

            MappedColumn mapped = mapping.Columns.GetValueOrDefault(request.Name) ?? new(given.FirstOrDefault(request.Name));
            if (Has(mapped.Source))
            {
                columns.Add(new(request, mapped));
            }
            else if (request.Required || mapping.Columns.ContainsKey(request.Name))
            {
                missing.Add(mapped.Source);
            }
            else if (request.WhenMissing.Length > 0)
            {
                notes.Add($"no column '{request.Name}': {request.WhenMissing}");
            }
        }

        if (missing.Count > 0)
        {
            throw Missing(missing, requests, mapping);
        }

        return columns;
    }

    private bool Ascends(ColumnBuffer keys)
    {
        ColumnBuffer looked = keys.Take(0);
        long last = long.MinValue;
        for (bool more = true; more; looked.Take(looked.Count))
        {
            more = Fill([looked], [], RowsAtOnce);
            for (int row = 0; row < looked.Count; row++)
            {
                if (looked.WholeAt(row) < last)
                {
                    return false;
                }

                last = looked.WholeAt(row);
            }
        }

        return true;
    }

    /// <summary>How messages call a field, or a row.</summary>
    internal abstract string PlaceOf(long row, string column = "");

    /// <summary>A text of the file as messages show it: not longer than a line can bear.</summary>
    internal static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "...";

    /// <summary>Adds rows to the columns, at least as many as are asked for where there are so many; returns whether there may be
    /// more.</summary>
    private protected abstract bool Fill(IReadOnlyList<ColumnBuffer> columns, List<string> notes, int most);

    /// <summary>Goes back to the first row, for other columns.</summary>
    private protected abstract void Rewind();

    /// <summary>Throws where the next value of a column was refused.</summary>
    private protected void Accept(string? problem, ColumnBuffer column)
    {
        if (problem is not null)
        {
            throw new BadInputException(PlaceOf(column.Taken + column.Count, column.Source), problem, column.Request.Kind switch
            {
                ColumnKind.WholeNumber => "give a whole number such as 12",
                ColumnKind.Name => "give a name or a whole number",
                _ => column.Request.Meaning.Length > 0 ? $"give a number such as 0.5 ({column.Request.Meaning})"
                    : "give a number such as 0.5",
            });
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file.</summary>
    protected abstract void Dispose(bool disposing);

    private string Numbered(string column) => $"'{column}' (column {Names.ToList().IndexOf(column) + 1})";

    private bool Has(string column) => Names.Contains(column, StringComparer.Ordinal);

    private BadInputException Missing(List<string> missing, IReadOnlyList<ColumnRequest> requests, ColumnMapping mapping)
    {
        string[] named = [.. Names.Where(name => name.Length > 0)];
        string[] told = [.. missing.Select(name => requests.FirstOrDefault(
            request => request.Name == name) is { Meaning.Length: > 0 } request
            ? $"'{name}' ({request.Meaning})" : $"'{name}'")];
        string problem = told.Length == 1 ? $"column {told[0]} is missing"
            : $"columns {string.Join(", ", told[..^1])} and {told[^1]} are missing";
        if (named.Length == 0 || named.All(name => NumberText.TryRead(name, out double _)))
        {
            return new(Place, problem, $"there are no names of columns here: begin the file with a header such as "
                + string.Join(',', requests.Where(request => request.Required).Select(request => request.Name)));
        }

        string[] free = [.. named.Where(name => !requests.Any(request => request.Name == name)
            && !mapping.Columns.Values.Any(m => m.Source == name))];
        string nearest = free.Length == 0 ? ""
            : $", nearest are {string.Join(", ", missing.Select(name => $"'{Shown(NearestName.Of(name, free))}' for '{name}'"))}";
        string shown = string.Join(", ", named.Take(40).Select(name => $"'{Shown(name)}'")) + (named.Length > 40 ? ", ..." : "");
        string target = requests.FirstOrDefault(request => request.Name == missing[0])?.Name
            ?? mapping.Columns.First(m => m.Value.Source == missing[0]).Key;
        return new(Place, problem, $"the file has {shown}{nearest}; tell which is which as in --columns '{target}="
            + $"{Shown(NearestName.Of(missing[0], free.Length > 0 ? free : named))}'");
    }
}
