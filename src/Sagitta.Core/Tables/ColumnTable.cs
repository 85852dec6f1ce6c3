namespace Sagitta.Core.Tables;

/// <summary>Named columns of equal length as a reader asked for them, and what was noted on the way.</summary>
internal sealed class ColumnTable
{
    private readonly TableSource _source;
    private readonly Dictionary<string, ColumnBuffer> _columns;
    private readonly Dictionary<string, ColumnRequest> _requests;

    internal ColumnTable(TableSource source, IReadOnlyList<ColumnRequest> requests, IReadOnlyList<ColumnBuffer> columns,
        IReadOnlyList<string> notes)
    {
        _source = source;
        FirstRow = columns.Count == 0 ? 0 : columns[0].Taken;
        _columns = columns.ToDictionary(column => column.Request.Name, StringComparer.Ordinal);
        _requests = requests.ToDictionary(request => request.Name, StringComparer.Ordinal);
        Notes = notes;
        Count = columns.Count == 0 ? 0 : columns[0].Count;
    }

    /// <summary>Rows of the file before these.</summary>
    public long FirstRow { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Sentences about defaults that were used, for the user.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Whether the file has the column.</summary>
    public bool Has(string name) => _columns.ContainsKey(name);

    /// <summary>A column of numbers, filled with the default where the file has none; empty where there is no default either.</summary>
    public double[] Numbers(string name) => _columns.TryGetValue(name, out ColumnBuffer? column) ? column.Numbers
        : Filled(_requests[name].Default);

    /// <summary>The same for whole numbers.</summary>
    public long[] Wholes(string name) => _columns.TryGetValue(name, out ColumnBuffer? column) ? column.Wholes
        : Filled((long?)_requests[name].Default);

    /// <summary>A column of whole numbers of 32 bits.</summary>
    /// <exception cref="BadInputException">One is larger.</exception>
    public int[] Integers(string name) => [.. Wholes(name).Select((value, row) => value is >= int.MinValue and <= int.MaxValue ? (int)value
        : throw Bad(name, row, string.Create(CultureInfo.InvariantCulture, $"{value} does not fit"), string.Create(
            CultureInfo.InvariantCulture, $"give a whole number from {int.MinValue} to {int.MaxValue}")))];

    /// <summary>A column of names, which the file has.</summary>
    public NameColumn Names(string name) => _columns[name].Names;

    /// <summary>An error about one field, to be thrown.</summary>
    public BadInputException Bad(string name, int row, string problem, string remedy) =>
        new(_source.PlaceOf(FirstRow + row, _columns.TryGetValue(name, out ColumnBuffer? column) ? column.Source : name), problem, remedy);

    private T[] Filled<T>(T? value)
        where T : struct
    {
        T[] values = new T[value is null ? 0 : Count];
        Array.Fill(values, value ?? default);
        return values;
    }
}
