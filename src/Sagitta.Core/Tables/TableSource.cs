namespace Sagitta.Core.Tables;

/// <summary>An open file of named columns: its names are known, its rows not yet read.</summary>
internal abstract class TableSource : IDisposable
{
    private protected TableSource(string name) => Name = name;

    /// <summary>The file's name in messages.</summary>
    public string Name { get; }

    /// <summary>Names of the columns in their order.</summary>
    public IReadOnlyList<string> Names { get; private protected set; } = [];

    /// <summary>Where the names stand, for messages.</summary>
    internal virtual string Place => $"'{Name}'";

    /// <summary>Reads the columns that are asked for; others are ignored.</summary>
    /// <param name="requests">What is wanted.</param>
    /// <param name="mapping">How the file calls them; null where it uses the reader's names.</param>
    /// <exception cref="BadInputException">Columns are missing (all are told at once), or a value can't be used.</exception>
    public ColumnTable Read(IReadOnlyList<ColumnRequest> requests, ColumnMapping? mapping = null)
    {
        mapping ??= ColumnMapping.None;
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
        List<string> notes = [];
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

        Fill(columns, notes);
        return new(this, requests, columns, notes);
    }

    /// <summary>How messages call a field.</summary>
    internal abstract string PlaceOf(int row, string column);

    /// <summary>A text of the file as messages show it: not longer than a line can bear.</summary>
    internal static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "...";

    /// <summary>Reads all rows into the columns.</summary>
    private protected abstract void Fill(IReadOnlyList<ColumnBuffer> columns, List<string> notes);

    /// <summary>Throws where a value was refused.</summary>
    private protected void Accept(string? problem, int row, ColumnBuffer column)
    {
        if (problem is not null)
        {
            throw new BadInputException(PlaceOf(row, column.Source), problem, column.Request.Kind switch
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
