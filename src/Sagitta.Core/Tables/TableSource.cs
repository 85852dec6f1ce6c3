namespace Sagitta.Core.Tables;

/// <summary>An open file of named columns: its names are known, its rows not yet read.</summary>
internal abstract class TableSource : IDisposable
{
    // What is read of a file before a block of it is looked at; rows of a block.
    private const int RowsAtOnce = 1 << 16;
    private const int MostRows = 1 << 17;
    private const int MostGroups = 4096;
    private const int RowsBetweenMarks = 4096;

    private protected TableSource(string name) => Name = name;

    /// <summary>The file's name in messages.</summary>
    public string Name { get; }

    /// <summary>Names of the columns in their order.</summary>
    public IReadOnlyList<string> Names { get; private protected set; } = [];

    /// <summary>The archive, where the file is one: it may hold more than a table.</summary>
    internal virtual NpzReader? Archive => null;

    /// <summary>What of the rows is read; null for all.</summary>
    private protected ReadShare? Share { get; private set; }

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
        FillAll(columns, notes, int.MaxValue);
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
    /// <param name="share">The groups to read, of a file whose groups ascend; null for all. What is not of them is passed over as far as
    /// the format allows it.</param>
    /// <returns>At least one table, which may be empty.</returns>
    public IEnumerable<ColumnTable> ReadGroups(
        IReadOnlyList<ColumnRequest> requests, ColumnMapping? mapping, string key, ReadShare? share = null)
    {
        List<string> notes = [.. share?.Index.Notes ?? []];
        List<ColumnBuffer> columns = Columns(requests, mapping ?? ColumnMapping.None, notes);
        ColumnBuffer keys = columns.First(column => column.Request.Name == key);
        GroupIndex? index = share?.Index ?? (CanRewind ? IndexOf([keys]) : null);
        if (CanRewind)
        {
            Rewind();
        }

        if (index is { Ascends: false })
        {
            FillAll(columns, notes, int.MaxValue);
            yield return new(this, requests, columns, notes);
            yield break;
        }

        Share = share;
        (long passed, long start) = share is null ? (0, 0) : index!.Marks.Last(mark => mark.Group < share.First || mark.Row == 0);
        long stop = share is null ? long.MaxValue
            : index!.Marks.Where(mark => mark.Group >= share.End).Select(mark => mark.Row).FirstOrDefault(long.MaxValue);
        ColumnBuffer? kinds = share is null ? null : columns.Find(column => column.Request.Name == index!.Rule?.Column);
        long? gone = null;
        long largest = long.MinValue;
        int groups = 0;
        bool more = SkipTo(start, columns, notes), own = share is null, counted = true;
        for (int row = 0; ; row++)
        {
            while (row == keys.Count && more)
            {
                more = keys.Taken + row < stop
                    && FillAll(columns, notes, (int)Math.Min(RowsAtOnce, stop - keys.Taken - row));
            }

            bool begins = row < keys.Count && (row == 0 || keys.WholeAt(row) != keys.WholeAt(row - 1));
            if (!own && (row == keys.Count || (begins && passed == share!.First)))
            {
                columns.ForEach(column => column.Take(row));
                (own, row) = (true, 0);
            }

            bool ends = row == keys.Count || (begins && passed == share?.End);
            if (own && (ends || (row > 0 && begins && (groups == MostGroups || row >= MostRows))))
            {
                yield return new(this, requests, [.. columns.Select(column => column.Take(row))], [.. notes]);
                if (ends)
                {
                    FinishShare();
                    yield break;
                }

                (gone, groups, row) = (largest, 0, 0);
            }

            counted &= !begins;
            if (!counted && (kinds is null || index!.Rule!.Value.Counts(kinds.WholeAt(row))))
            {
                (passed, counted) = (passed + 1, true);
            }

            if (gone is { } last && keys.WholeAt(row) <= last)
            {
                throw new BadInputException(PlaceOf(keys.Taken + row, keys.Source), string.Create(CultureInfo.InvariantCulture,
                    $"{key} {keys.WholeAt(row)} comes after {key} {last}, whose tracks are out already"),
                    $"sort the rows by {key}, or give the table as a file: there they may have any order");
            }

            groups += begins ? 1 : 0;
            largest = Math.Max(largest, keys.WholeAt(row));
        }
    }

    /// <summary>Looks where the groups of a file are, and which of them count, in those columns alone.</summary>
    /// <param name="requests">What will be read.</param>
    /// <param name="mapping">How the file calls it.</param>
    /// <param name="key">The column that tells groups apart.</param>
    /// <param name="rule">A group counts if one of its rows does (<see cref="GroupIndex.Rule"/>); null where all count.</param>
    public GroupIndex Index(IReadOnlyList<ColumnRequest> requests, ColumnMapping? mapping, string key,
        (string Column, Func<long, bool> Counts)? rule = null)
    {
        List<ColumnBuffer> columns = Columns(requests, mapping ?? ColumnMapping.None, []);
        return IndexOf(
            [columns.First(column => column.Request.Name == key), .. columns.Where(c => c.Request.Name == rule?.Column)], rule);
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

    // The first column tells groups apart, a second one which rows count; others are not looked at.
    private GroupIndex IndexOf(IReadOnlyList<ColumnBuffer> columns, (string Column, Func<long, bool> Counts)? rule = null) =>
        IndexOf(columns, rule, quickly: true) ?? IndexOf(columns, rule, quickly: false)!;

    private GroupIndex? IndexOf(
        IReadOnlyList<ColumnBuffer> columns, (string Column, Func<long, bool> Counts)? rule, bool quickly)
    {
        if (!quickly)
        {
            Rewind();
        }

        List<string> notes = [];
        List<(long Group, long Row)> marks = [(0, 0)];
        ColumnBuffer[] looked = [.. columns.Select(column => column.Take(0))];
        (ColumnBuffer keys, ColumnBuffer? kinds) = (looked[0], looked.ElementAtOrDefault(1));
        long groups = 0, last = 0;
        bool more = true, counted = false;
        while (more)
        {
            bool? filled = quickly ? FillQuickly(looked, notes, RowsAtOnce) : FillAll(looked, notes, RowsAtOnce);
            if (filled is null)
            {
                return null;
            }

            more = filled.Value;
            for (int row = 0; row < keys.Count; row++)
            {
                long key = keys.WholeAt(row), place = keys.Taken + row;
                if (place > 0 && key < last)
                {
                    return new(0) { Ascends = false };
                }

                if (place > 0 && key != last)
                {
                    counted = false;
                    if (place - marks[^1].Row >= RowsBetweenMarks)
                    {
                        marks.Add((groups, place));
                    }
                }

                last = key;
                if (!counted && (kinds is null || rule!.Value.Counts(kinds.WholeAt(row))))
                {
                    (groups, counted) = (groups + 1, true);
                }
            }

            Array.ForEach(looked, column => column.Take(column.Count));
        }

        return new(groups) { Marks = marks, Rule = rule, Notes = notes, IsPlain = quickly };
    }

    // Adds rows, as many to each column: formats that keep columns apart do not promise it.
    private bool FillAll(IReadOnlyList<ColumnBuffer> columns, List<string> notes, int most)
    {
        bool more = Fill(columns, notes, most);
        return columns.FirstOrDefault(column => column.Count != columns[0].Count) is not { } other ? more
            : throw new BadInputException(Place, string.Create(CultureInfo.InvariantCulture,
                $"column '{Shown(other.Source)}' has {other.Taken + other.Count} rows, '{Shown(columns[0].Source)}' has "
                    + $"{columns[0].Taken + columns[0].Count}"), "give columns of equal length");
    }

    // Whether there may be more behind the rows that are here then.
    private bool SkipTo(long start, List<ColumnBuffer> columns, List<string> notes)
    {
        bool more = true;
        while (columns[0].Taken < start)
        {
            long left = start - columns[0].Taken, passed = Skip(columns, left);
            columns.ForEach(column => column.Skip(passed));
            if (passed == 0)
            {
                more = FillAll(columns, notes, (int)Math.Min(left, RowsAtOnce));
                int some = (int)Math.Min(left, columns[0].Count);
                columns.ForEach(column => column.Take(some));
                passed = some;
            }

            if (passed == 0)
            {
                throw new BadInputException(Place, "the file became shorter while it was read", "leave it as it is during a run");
            }
        }

        return more;
    }

    /// <summary>How messages call a field.</summary>
    internal virtual string PlaceOf(long row, string column) => $"'{Name}', column '{column}', row {row}";

    /// <summary>A text of the file as messages show it: not longer than a line can bear.</summary>
    internal static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "...";

    /// <summary>Adds rows to the columns, at least as many as are asked for where there are so many; returns whether there may be
    /// more.</summary>
    private protected abstract bool Fill(IReadOnlyList<ColumnBuffer> columns, List<string> notes, int most);

    /// <summary>The same from the first row on and of columns of numbers, where there is a quicker way; null where there is none.</summary>
    private protected virtual bool? FillQuickly(IReadOnlyList<ColumnBuffer> columns, List<string> notes, int most) => null;

    /// <summary>Passes over rows where that is less work than to read them, at most so many; returns how many it were.</summary>
    private protected virtual long Skip(IReadOnlyList<ColumnBuffer> columns, long most) => 0;

    /// <summary>Looks at the checksums that are this part's to compare, when its rows are read.</summary>
    private protected virtual void FinishShare()
    {
    }

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
